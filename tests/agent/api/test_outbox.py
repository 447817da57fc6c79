"""A lead sees what could not be delivered and has it sent again; nobody else does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agent.casework.outbox.letters import Letter
from agent.errors import Invalid, Unauthorized
from agent.store.keys import ApiKey
from agent.store.outbox_memory import MemoryOutbox

LEAD = {"Authorization": "Bearer dk_lead"}
NOBODY = [{}, {"Authorization": "Bearer sk_test"}, {"Authorization": "Bearer dk_test"}]
HOOK = "/v1/desks/chatwoot/webhook"


@pytest.fixture
async def house(build_house: Any) -> Any:
    outbox = MemoryOutbox()
    house = await build_house(letters=outbox)
    await house.parts.keys.put("dk_lead", ApiKey("demo", "dk", "Eva", "lead"))
    now = house.clock()
    outbox.write(
        [Letter(f"trn_{n}-1", "demo", "cnv_1", "webhook:crm", "handoff.queued", {"n": n}, now) for n in (1, 2)]
    )
    outbox.write([Letter("trn_3-1", "other", "cnv_2", "webhook:crm", "handoff.queued", {}, now)])
    first, *_ = await outbox.take(owner="me", now=now, lease_s=60, limit=1)
    await outbox.bury(first, now=now, failure="http_500")
    return house


async def test_dead_letters_are_listed_without_what_they_say(house: Any) -> None:
    answer = await house.client.get("/v1/desk/outbox?status=dead", headers=LEAD)
    (dead,) = answer.json()["letters"]
    assert answer.status_code == 200
    assert (dead["id"], dead["event_id"], dead["failure"], dead["attempts"]) == (
        "webhook:crm:trn_1-1",
        "trn_1-1",
        "http_500",
        1,
    )
    assert "data" not in dead


async def test_all_are_listed_newest_first_and_only_the_shops_own(house: Any) -> None:
    answer = await house.client.get("/v1/desk/outbox", headers=LEAD)
    assert [one["event_id"] for one in answer.json()["letters"]] == ["trn_2-1", "trn_1-1"]


async def test_a_dead_letter_is_sent_again(house: Any) -> None:
    house.clock.pass_time(hours=1)
    answer = await house.client.post("/v1/desk/outbox/webhook:crm:trn_1-1/replay", headers=LEAD)
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["attempts"]) == ("waiting", 0)
    assert answer.json()["next_at"] == house.clock().isoformat()


async def test_a_letter_of_another_shop_is_not_there(house: Any) -> None:
    for letter in ("webhook:crm:trn_3-1", "nothing"):
        answer = await house.client.post(f"/v1/desk/outbox/{letter}/replay", headers=LEAD)
        assert answer.status_code == 404


@pytest.mark.parametrize("headers", NOBODY)
async def test_only_a_lead_may(house: Any, headers: dict[str, str]) -> None:
    expected = 403 if headers else 401
    assert (await house.client.get("/v1/desk/outbox", headers=headers)).status_code == expected
    answer = await house.client.post("/v1/desk/outbox/webhook:crm:trn_1-1/replay", headers=headers)
    assert answer.status_code == expected


class Door:
    """Hears everything but ``bad``."""

    def __init__(self, answer: Any = True) -> None:
        self.answer = answer
        self.heard: list[Any] = []

    async def hear(self, headers: Any, token: str | None, body: bytes, now: Any) -> bool:
        self.heard.append((headers.get("x-chatwoot-timestamp"), token, body, now))
        if isinstance(self.answer, Exception):
            raise self.answer
        return bool(self.answer)


async def test_a_webhook_is_handed_over_as_it_came(build_house: Any) -> None:
    door = Door()
    house = await build_house(chatwoot=door)
    house.clock.now += timedelta(days=1)
    answer = await house.client.post(f"{HOOK}?token=t", content=b'{"a": 1}', headers={"X-Chatwoot-Timestamp": "5"})
    assert (answer.status_code, answer.json()) == (200, {"heard": True})
    assert door.heard == [("5", "t", b'{"a": 1}', house.clock())]


@pytest.mark.parametrize(("problem", "status"), [(Unauthorized("no"), 401), (Invalid("no"), 422), (OSError(), 500)])
async def test_what_is_refused_is_told(build_house: Any, problem: Exception, status: int) -> None:
    house = await build_house(chatwoot=Door(problem))
    assert (await house.client.post(HOOK, content=b"{}")).status_code == status


async def test_without_chatwoot_there_is_no_such_door(build_house: Any) -> None:
    house = await build_house()
    assert (await house.client.post(HOOK, content=b"{}")).status_code == 404
