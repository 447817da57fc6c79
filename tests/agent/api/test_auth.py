"""Who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from agent.casework.capsule import LASTS, seal


@dataclass(frozen=True)
class Case:
    method: str
    path: str
    key: str | None
    status: int
    origin: str | None = None


ROWS = (
    Case("POST", "/v1/conversations", None, 401),
    Case("POST", "/v1/conversations", "pk_unknown", 401),
    Case("POST", "/v1/conversations", "sk_gone", 401),
    Case("POST", "/v1/conversations", "sk_test", 201),
    Case("POST", "/v1/conversations", "pk_test", 201),
    Case("POST", "/v1/conversations", "dk_test", 403),
    Case("POST", "/v1/conversations", "pk_here", 201),
    Case("POST", "/v1/conversations", "pk_here", 201, "https://shop.example"),
    Case("POST", "/v1/conversations", "pk_here", 403, "https://evil.example"),
    Case("POST", "/v1/conversations", "pk_test", 201, "https://anywhere.example"),
    Case("POST", "/v1/conversations", "pk_star", 201, "https://anywhere.example"),
    Case("POST", "/v1/conversations", "sk_test", 201, "https://anywhere.example"),
    Case("GET", "/v1/desk/handoffs", None, 401),
    Case("GET", "/v1/desk/handoffs", "pk_test", 403),
    Case("GET", "/v1/desk/handoffs", "sk_test", 403),
    Case("GET", "/v1/desk/handoffs", "dk_test", 200),
    Case("GET", "/v1/kpis", "pk_test", 403),
    Case("GET", "/v1/kpis", "sk_test", 200),
    Case("GET", "/v1/kpis", "dk_test", 200),
    Case("GET", "/healthz", None, 200),
    Case("GET", "/readyz", None, 200),
    Case("GET", "/metrics", None, 200),
)


@pytest.mark.parametrize("case", ROWS, ids=lambda case: f"{case.method} {case.path} {case.key} {case.origin or ''}")
async def test_a_key_opens_its_own_doors_only(house: Any, case: Case) -> None:
    headers = {"Authorization": f"Bearer {case.key}"} if case.key else {}
    headers |= {"Origin": case.origin} if case.origin else {}
    response = await house.client.request(
        case.method, case.path, headers=headers, json={} if case.method == "POST" else None
    )
    assert response.status_code == case.status


@pytest.mark.parametrize("header", ["Basic c2s6dGVzdA==", "Bearer", "Bearer ", "sk_test", "Bearer clé"])
async def test_another_kind_of_credential_is_no_key(build_house: Any, header: str) -> None:
    house = await build_house(demo=True)
    response = await house.client.post("/v1/conversations", json={}, headers={"Authorization": header.encode()})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


async def test_in_the_demo_a_call_without_a_key_acts_as_the_widget(build_house: Any) -> None:
    house = await build_house(demo=True)
    assert (await house.client.post("/v1/chat", json={"message": "hola"})).status_code == 200
    assert (await house.client.get("/v1/kpis")).status_code == 403


@pytest.mark.parametrize("token", [None, "", "wrong", "ctk_0"])
async def test_without_its_token_a_conversation_does_not_exist_for_the_widget(house: Any, token: str | None) -> None:
    talk = await house.open()
    headers = {"Authorization": "Bearer pk_test"} | ({"X-Conversation-Token": token} if token is not None else {})
    stranger = await house.client.get(talk.path, headers=headers)
    unknown = await house.client.get("/v1/conversations/cnv_unknown", headers=headers)
    assert (stranger.status_code, stranger.json()) == (404, unknown.json())


async def test_one_conversations_token_opens_no_other(house: Any) -> None:
    mine, other = await house.open(), await house.open()
    response = await house.client.get(other.path, headers=mine.headers)
    assert response.status_code == 404


async def test_a_back_end_reads_its_shops_conversations_without_token_and_no_others(house: Any) -> None:
    talk = await house.open()
    for key, token, status in (("sk_test", None, 200), ("sk_test", "wrong", 404), ("sk_other", None, 404)):
        headers = {"Authorization": f"Bearer {key}"} | ({"X-Conversation-Token": token} if token else {})
        assert (await house.client.get(talk.path, headers=headers)).status_code == status
    stolen = {**talk.headers, "Authorization": "Bearer sk_other"}
    assert (await house.client.get(talk.path, headers=stolen)).status_code == 404


SHOPPER_ROUTES = (
    ("GET", ""),
    ("GET", "/messages"),
    ("GET", "/events"),
    ("GET", "/transcript"),
    ("POST", "/messages"),
    ("POST", "/actions/act_1/confirm"),
    ("POST", "/handoff"),
    ("POST", "/feedback"),
    ("DELETE", ""),
)


@pytest.mark.parametrize(("method", "path"), SHOPPER_ROUTES)
async def test_every_route_of_a_conversation_asks_for_its_token(house: Any, method: str, path: str) -> None:
    talk = await house.open()
    body = {"/messages": {"text": "hola"}, "/feedback": {"rating": 5}}.get(path) if method == "POST" else None
    response = await house.client.request(
        method, talk.path + path, json=body, headers={"Authorization": "Bearer pk_test"}
    )
    assert response.status_code == 404
    assert (await talk.get()).status_code == 200


async def test_the_sealed_token_of_a_mailed_case_opens_that_conversation_for_its_days(house: Any) -> None:
    talk, other = await house.open(), await house.open()
    services = house.parts.services
    sealed = seal(services.secret, "demo", talk.id, house.clock())
    talk.headers["X-Conversation-Token"] = other.headers["X-Conversation-Token"] = sealed
    assert (await talk.get()).status_code == 200
    assert (await talk.get("/messages")).status_code == 200
    assert (await other.get()).status_code == 404
    house.clock.now += LASTS
    assert (await talk.get()).status_code == 404


BAD_TOKENS = (
    ("of another secret", {"secret": "a secret of another shop, as long as that"}),
    ("of another algorithm", {"algorithm": "HS512", "secret": "x" * 64}),
    ("without subject", {"sub": None}),
    ("without e-mail", {"email": None}),
    ("without name", {"name": None}),
    ("without end", {"exp": None}),
    ("of yesterday", {"exp": 1_700_000_000}),
    ("of tomorrow", {"nbf": 2_000_000_000}),
    ("with an end that is no number", {"exp": "soon"}),
    ("with an empty subject", {"sub": ""}),
    ("with an e-mail that is a list", {"email": ["lucia@example.com"]}),
)


@pytest.mark.parametrize("claims", [row[1] for row in BAD_TOKENS], ids=[row[0] for row in BAD_TOKENS])
async def test_a_shopper_token_that_is_not_good_is_refused(house: Any, claims: dict[str, Any]) -> None:
    body = {"shopper_token": house.token(**claims)}
    response = await house.client.post("/v1/conversations", json=body, headers={"Authorization": "Bearer pk_test"})
    assert response.status_code == 401


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJDLTEifQ.", "W" * 4000])
async def test_what_is_no_token_is_refused(house: Any, token: str) -> None:
    headers = {"Authorization": "Bearer pk_test"}
    response = await house.client.post("/v1/conversations", json={"shopper_token": token}, headers=headers)
    assert response.status_code == 401


async def test_a_good_shopper_token_identifies_the_customer(house: Any) -> None:
    talk = await house.open(shopper_token=house.token())
    assert (await talk.get()).json()["identity_level"] == 2
    anybody = await house.open()
    assert (await anybody.get()).json()["identity_level"] == 0


async def test_a_shop_without_a_secret_takes_no_shopper_tokens(house: Any) -> None:
    body = {"shopper_token": house.token()}
    response = await house.client.post("/v1/conversations", json=body, headers={"Authorization": "Bearer sk_other"})
    assert response.status_code == 401
