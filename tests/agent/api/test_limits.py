"""How much, and how often."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from agent.api.parts import Rate, RateRules

KIB = 1024
RATES = RateRules(opening=Rate(2), moves=Rate(2), handoff=Rate(1), feedback=Rate(1))
PK = {"Authorization": "Bearer pk_test"}


def padded(size: int) -> bytes:
    return b'{"text": "hola"' + b" " * (size - 16) + b"}"


async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 50_000):
        yield body[start : start + 50_000]


@pytest.mark.parametrize(("size", "status"), [(256 * KIB, 200), (256 * KIB + 1, 413), (3000 * KIB, 413)])
@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_has_at_most_256_kib(house: Any, size: int, status: int, announced: bool) -> None:
    talk = await house.open()
    body = padded(size)
    response = await house.client.post(
        f"{talk.path}/messages",
        content=body if announced else in_chunks(body),
        headers={**talk.headers, "Content-Type": "application/json"},
    )
    assert response.status_code == status
    assert len(house.clerk.moves) == (status == 200)
    if status == 413:
        assert response.json()["type"] == "https://postventa.dev/problems/too-large"


async def test_opening_is_limited_and_allowed_again_after_the_time_told(build_house: Any) -> None:
    house = await build_house(rates=RATES)
    for path, body in (("/v1/conversations", {}), ("/v1/chat", {"message": "hola"})):
        assert (await house.client.post(path, json=body, headers=PK)).is_success
    refused = await house.client.post("/v1/chat", json={"message": "hola"}, headers=PK)
    assert refused.status_code == 429
    house.clock.pass_time(seconds=int(refused.headers["retry-after"]))
    assert (await house.client.post("/v1/chat", json={"message": "hola"}, headers=PK)).is_success


async def test_moves_are_limited_by_conversation(build_house: Any) -> None:
    house = await build_house(rates=RATES)
    talk, other = await house.open(), await house.open()
    assert [(await talk.say("hola")).status_code for _ in range(3)] == [200, 200, 429]
    assert (await other.say("hola")).status_code == 200


async def test_who_writes_too_much_still_gets_a_person(build_house: Any) -> None:
    house = await build_house(rates=RATES)
    talk = await house.open()
    for _ in range(3):
        last = await talk.say("hola")
    assert last.status_code == 429
    assert (await talk.post("/handoff")).json()["status"] == "queued"


async def test_feedback_is_limited(build_house: Any) -> None:
    house = await build_house(rates=RATES)
    talk = await house.open()
    assert [(await talk.post("/feedback", {"rating": 1})).status_code for _ in range(2)] == [204, 429]
