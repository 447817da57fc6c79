"""Whether it works, what it counted, what the desk and the shop's own systems ask."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from agent.api.routes.health import Degraded
from agent.api.webhook_signature import sign

SK, DK = {"Authorization": "Bearer sk_test"}, {"Authorization": "Bearer dk_test"}
SECRET = "whsec_c2VjcmV0IG9mIG9yZGVyIGV2ZW50cw=="
SHIPPED = b'{"type": "order.shipped", "data": {"order": "10023"}}'


async def works() -> None:
    """A probe of a part that works."""


async def fails() -> None:
    raise RuntimeError("down")


async def hangs() -> None:
    await asyncio.Event().wait()


async def test_ready_names_each_part(build_house: Any) -> None:
    for probes, status in (
        ({"store": works, "index": works}, 200),
        ({"store": works, "index": fails, "model": hangs}, 503),
    ):
        house = await build_house(probes=probes)
        response = await house.client.get("/readyz")
        assert response.status_code == status
        parts = {name: "ok" if probe is works else "failed" for name, probe in probes.items()}
        assert response.json() == {"status": "ok" if status == 200 else "failed", "parts": parts}


async def test_a_part_that_works_less_well_keeps_the_service_ready(build_house: Any) -> None:
    async def limps() -> None:
        raise Degraded

    house = await build_house(probes={"store": works, "model": limps})
    response = await house.client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "parts": {"store": "ok", "model": "degraded"}}


async def test_alive_says_which_version(build_house: Any) -> None:
    house = await build_house(probes={"store": fails})
    response = await house.client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "version": "0.0.0"})


async def test_metrics_count_requests_by_route_not_by_path(house: Any) -> None:
    talk = await house.open()
    await talk.get()
    await house.client.get("/no/such/path")
    text = (await house.client.get("/metrics")).text
    assert 'route="/v1/conversations/{conversation_id}",status="200"' in text
    assert talk.id not in text
    assert "/no/such/path" not in text


async def test_kpis_default_to_the_last_thirty_days(house: Any) -> None:
    figures = (await house.client.get("/v1/kpis", headers=SK)).json()
    now = house.clock()
    assert house.figures.asked == [("demo", now - timedelta(days=30), now)]
    assert (figures["start"], figures["turns"]) == ((now - timedelta(days=30)).isoformat(), 5)


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00+01:00", 200),
        ("2026-02-01T00:00:00", "2026-03-01T00:00:00Z", 422),
        ("2026-03-01T00:00:00Z", "2026-03-01T01:00:00+01:00", 422),
        ("yesterday", "2026-03-01T00:00:00Z", 422),
        ("0001-01-01T00:00:00+14:00", "2026-03-01T00:00:00Z", 422),
    ],
)
async def test_kpis_are_asked_between_two_instants_with_zone(house: Any, start: str, end: str, status: int) -> None:
    response = await house.client.get("/v1/kpis", params={"from": start, "to": end}, headers=SK)
    assert response.status_code == status


async def test_the_desk_sees_its_queue_and_a_case_with_its_packet(house: Any) -> None:
    talk = await house.open()
    handoff = (await talk.post("/handoff")).json()["handoff"]
    queue = (await house.client.get("/v1/desk/handoffs", params={"status": "queued"}, headers=DK)).json()["handoffs"]
    assert [(row["id"], row["conversation_id"], row["priority"]) for row in queue] == [(handoff["id"], talk.id, 2)]
    assert "packet" not in queue[0]
    case = (await house.client.get(f"/v1/desk/handoffs/{handoff['id']}", headers=DK)).json()
    assert case["position"] == 1
    assert [one["text"] for one in case["packet"]["transcript"]] == ["Te paso con una persona."]
    assert case["packet"]["summary"][-1] == case["packet"]["next_step"]
    resolved = (await house.client.get("/v1/desk/handoffs", params={"status": "resolved"}, headers=DK)).json()
    assert resolved == {"handoffs": []}


async def test_another_shops_desk_sees_nothing_of_it(house: Any) -> None:
    talk = await house.open()
    handoff = (await talk.post("/handoff")).json()["handoff"]
    other = {"Authorization": "Bearer dk_other"}
    assert (await house.client.get("/v1/desk/handoffs", headers=other)).json() == {"handoffs": []}
    assert (await house.client.get(f"/v1/desk/handoffs/{handoff['id']}", headers=other)).status_code == 404


def signed(house: Any, body: bytes, secret: str = SECRET, seconds: int = 0, event_id: str = "evt_1") -> dict[str, str]:
    timestamp = str(int(house.clock().timestamp()) + seconds)
    signature = f"v1,b2xkIGtleQ== {sign(event_id, timestamp, body, secret)}"
    return {"webhook-id": event_id, "webhook-timestamp": timestamp, "webhook-signature": signature}


def test_a_signature_is_as_the_standard_has_it() -> None:
    """The example of the Standard Webhooks specification's reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signature = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}', secret)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_an_order_event_is_kept_once(house: Any) -> None:
    answers = [
        await house.client.post("/v1/events/orders", content=SHIPPED, headers=signed(house, SHIPPED)) for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [202, 202]
    assert [one.json() for one in answers] == [{"id": "evt_1", "duplicate": False}, {"id": "evt_1", "duplicate": True}]


FORGED = (
    ("another secret", {"secret": "whsec_b3RoZXI="}, SHIPPED),
    ("six minutes old", {"seconds": -360}, SHIPPED),
    ("six minutes ahead", {"seconds": 360}, SHIPPED),
    ("another body", {}, b"{}"),
)


@pytest.mark.parametrize(("how", "body"), [row[1:] for row in FORGED], ids=[row[0] for row in FORGED])
async def test_what_the_shop_did_not_sign_is_refused(house: Any, how: dict[str, Any], body: bytes) -> None:
    response = await house.client.post("/v1/events/orders", content=body, headers=signed(house, SHIPPED, **how))
    assert response.status_code == 401


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_each_header_of_the_signature_is_wanted(house: Any, missing: str) -> None:
    headers = {name: value for name, value in signed(house, SHIPPED).items() if name != missing}
    assert (await house.client.post("/v1/events/orders", content=SHIPPED, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"1", b"{", b'{"a": NaN}', b'{"a": "\\ud800"}', b"\xff", b'{"a":' + b"[" * 50_000]
)
async def test_a_signed_body_that_is_no_json_object_is_refused(house: Any, body: bytes) -> None:
    response = await house.client.post("/v1/events/orders", content=body, headers=signed(house, body))
    assert response.status_code == 422


async def test_with_several_shops_the_event_names_its_own(build_house: Any) -> None:
    house = await build_house(event_secrets={"demo": SECRET, "other": "plain secret"})
    for query, secret, status in (
        ("?shop=other", "plain secret", 202),
        ("?shop=demo", "plain secret", 401),
        ("", SECRET, 401),
    ):
        headers = signed(house, SHIPPED, secret)
        response = await house.client.post(f"/v1/events/orders{query}", content=SHIPPED, headers=headers)
        assert response.status_code == status
