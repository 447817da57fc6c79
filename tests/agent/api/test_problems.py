"""Every error is a problem document and tells nothing it should not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from agent.errors import Busy, Conflict, Forbidden, KeyReused, NotFound, PostventaError, TooLarge, TooMany, Unauthorized

TYPES = "https://postventa.dev/problems/"


@dataclass(frozen=True)
class Case:
    error: Exception
    status: int
    type: str
    header: tuple[str, str] | None = None


CASES = (
    Case(NotFound(), 404, "not-found"),
    Case(Unauthorized("no"), 401, "unauthorized", ("www-authenticate", "Bearer")),
    Case(Forbidden(), 403, "forbidden"),
    Case(TooLarge(), 413, "too-large"),
    Case(Conflict("closed"), 409, "conflict"),
    Case(KeyReused(), 422, "idempotency-key-reused"),
    Case(TooMany(7), 429, "too-many-requests", ("retry-after", "7")),
    Case(Busy(), 503, "busy", ("retry-after", "2")),
    Case(PostventaError(), 500, "internal"),
    Case(ZeroDivisionError("a secret"), 500, "internal"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.error).__name__)
async def test_an_error_becomes_a_problem(house: Any, case: Case) -> None:
    talk = await house.open()
    house.clerk.failures["hola"] = case.error
    response = await talk.say("hola")
    assert response.status_code == case.status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert (problem["type"], problem["status"]) == (TYPES + case.type, case.status)
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    if case.header:
        assert response.headers[case.header[0]] == case.header[1]


async def test_the_cause_of_an_unforeseen_error_is_logged(house: Any, logs: list[Any]) -> None:
    talk = await house.open()
    house.clerk.failures["hola"] = ZeroDivisionError("a secret")
    await talk.say("hola")
    (logged,) = logs
    assert (logged["event"], logged["exc_info"]) == ("request_failed", True)


async def test_in_a_stream_it_is_the_last_event(house: Any) -> None:
    talk = await house.open()
    house.clerk.failures["hola"] = ZeroDivisionError("a secret")
    response = await talk.say("hola", Accept="text/event-stream")
    assert response.status_code == 200
    assert "event: error\n" in response.text
    assert TYPES + "internal" in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status", "type_"),
    [("GET", "/nowhere", 404, "not-found"), ("PUT", "/v1/chat", 405, "method-not-allowed")],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    house: Any, method: str, path: str, status: int, type_: str
) -> None:
    response = await house.client.request(method, path)
    assert (response.status_code, response.json()["type"]) == (status, TYPES + type_)
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_refused_request_is_not_repeated_to_the_caller(house: Any) -> None:
    talk = await house.open()
    response = await talk.post("/messages", {"text": 4111111111111111})
    assert response.status_code == 422
    assert "4111" not in response.text


async def test_a_body_sent_as_no_json_is_told_how_to_send_it(house: Any) -> None:
    headers = {"Authorization": "Bearer pk_test", "Content-Type": "application/x-www-form-urlencoded"}
    response = await house.client.post("/v1/chat", content=b'{"message": "hola"}', headers=headers)
    assert response.status_code == 422
    assert "`Content-Type: application/json`" in response.json()["detail"]


async def test_every_response_tells_a_browser_what_it_may_not_do(house: Any) -> None:
    for path in ("/healthz", "/nowhere", "/v1/kpis"):
        headers = (await house.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["cache-control"] == "no-store"


async def test_a_browser_may_call_from_the_origins_given_and_no_others(build_house: Any) -> None:
    house = await build_house(origins=("https://shop.example",))
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, idempotency-key"}
    for origin, status in (("https://shop.example", 200), ("https://evil.example", 400)):
        response = await house.client.options("/v1/chat", headers={**ask, "Origin": origin})
        assert response.status_code == status
        assert (response.headers.get("access-control-allow-origin") == origin) is (status == 200)


async def test_an_unforeseen_error_is_readable_for_the_browser_that_caused_it(house: Any) -> None:
    talk = await house.open()
    house.clerk.failures["hola"] = ZeroDivisionError()
    response = await talk.say("hola", Origin="https://shop.example")
    assert response.headers["access-control-allow-origin"] == "*"
