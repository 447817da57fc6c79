"""Letters are written with their turn, in one pair of hands at a time, and kept until somebody acknowledged them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from agent.casework.outbox.letters import Delivery, Letter, LetterStatus, Outbox
from agent.casework.ports import Claim, LeaseLost, Store
from agent.store.database import Database, open_database
from agent.store.memory_store import MemoryStore
from agent.store.outbox import SqlOutbox

Write = Callable[..., Awaitable[None]]


@pytest.fixture
def outbox(store: Store, adapter_database: Database | None) -> Outbox:
    return store.outbox if isinstance(store, MemoryStore) else SqlOutbox(adapter_database)  # type: ignore[arg-type]


def letter(conversation_id: str = "cnv_1", n: int = 1, **fields: Any) -> Letter:
    at = fields.pop("at")
    plain = Letter(f"trn_1-{n}", "shop", conversation_id, "hook", "handoff.queued", {"n": n, "año": "ñ"}, at)
    return replace(plain, **fields)


@pytest.fixture
async def claimed(store: Store, make: Any, now: datetime) -> Callable[[], Awaitable[Claim]]:
    """A turn at work, in a conversation of its own."""

    async def claim() -> Claim:
        conversation = make.conversation()
        await store.open(conversation, "hash")
        turn = make.turn(conversation.id)
        got = await store.accept(turn, make.message(turn), owner="me", now=now, lease_s=20)
        assert isinstance(got, Claim)
        return got

    return claim


@pytest.fixture
def write(store: Store, make: Any, claimed: Callable[[], Awaitable[Claim]], now: datetime) -> Write:
    """Ends a turn that leaves these letters behind."""

    async def finish(*letters: Letter) -> None:
        claim = await claimed()
        await store.finish(claim, make.outcome(claim, letters=letters), now=now)

    return finish


async def take(outbox: Outbox, now: datetime, **options: Any) -> list[Delivery]:
    return list(await outbox.take(**{"owner": "me", "now": now, "lease_s": 60, "limit": 20, **options}))


async def test_a_letter_is_there_when_its_turn_is_stored(outbox: Outbox, write: Write, now: datetime) -> None:
    sent = letter(at=now)
    await write(sent)
    (delivery,) = await take(outbox, now)
    assert (delivery.letter, delivery.attempt, delivery.until) == (sent, 1, now + timedelta(seconds=60))


async def test_a_turn_that_is_not_stored_leaves_no_letter(
    store: Store, outbox: Outbox, make: Any, claimed: Callable[[], Awaitable[Claim]], now: datetime
) -> None:
    claim = await claimed()
    later = now + timedelta(seconds=21)
    shop_id, conversation_id = claim.file.conversation.shop_id, claim.turn.conversation_id
    assert await store.claim(shop_id, conversation_id, owner="another", now=later, lease_s=20)
    with pytest.raises(LeaseLost):
        await store.finish(claim, make.outcome(claim, letters=(letter(at=now),)), now=later)
    assert await take(outbox, later) == []


async def test_a_letter_is_in_one_pair_of_hands(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(*[letter(n=n, at=now) for n in range(30)])
    taken = await asyncio.gather(*[take(outbox, now, owner=f"replica {n}", limit=7) for n in range(6)])
    ids = [delivery.letter.event_id for batch in taken for delivery in batch]
    assert len(ids) == len(set(ids)) == 30


async def test_two_replicas_take_different_letters(database: Database, database_url: str, now: datetime) -> None:
    """Two pools on one database, both taking until nothing is left."""
    another = open_database(database_url)
    letters = [letter(n=n, at=now) for n in range(60)]
    await database.write(lambda connection: _write(connection, letters))

    async def empty(of: Database) -> list[str]:
        mine: list[str] = []
        while batch := await take(SqlOutbox(of), now, limit=3):
            mine += [delivery.letter.event_id for delivery in batch]
        return mine

    ones, others = await asyncio.gather(empty(database), empty(another))
    await another.dispose()
    assert len(ones) + len(others) == len({*ones, *others}) == 60


def _write(connection: Any, letters: list[Letter]) -> None:
    from agent.store import outbox

    outbox.write(connection, letters)


async def test_a_delivered_letter_is_not_taken_again(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(letter(at=now))
    (delivery,) = await take(outbox, now)
    assert await outbox.settle(delivery, now=now)
    assert await take(outbox, now + timedelta(days=1)) == []
    (kept,) = await outbox.letters("shop", None)
    assert (kept.status, kept.attempts) == (LetterStatus.DELIVERED, 1)


async def test_whose_lease_ran_out_has_lost_the_letter(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(letter(at=now))
    (slow,) = await take(outbox, now)
    assert await take(outbox, now + timedelta(seconds=59)) == []
    (second,) = await take(outbox, now + timedelta(seconds=60))
    assert second.attempt == 2
    assert not await outbox.settle(slow, now=now)
    assert not await outbox.postpone(slow, until=now, failure="http_500")
    assert not await outbox.bury(slow, now=now, failure="http_500")
    assert await outbox.settle(second, now=now)


async def test_a_postponed_letter_waits_until_then(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(letter(at=now))
    (delivery,) = await take(outbox, now)
    until = now + timedelta(seconds=30)
    assert await outbox.postpone(delivery, until=until, failure="http_503")
    assert await take(outbox, until - timedelta(microseconds=1)) == []
    (kept,) = await outbox.letters("shop", LetterStatus.WAITING)
    assert (kept.failure, kept.next_at, kept.attempts) == ("http_503", until, 1)
    (again,) = await take(outbox, until)
    assert (again.letter, again.attempt) == (delivery.letter, 2)


async def test_letters_of_a_lane_go_one_after_the_other(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(*[letter(n=n, lane="desk:cnv_1", at=now) for n in (1, 2)], letter(n=3, lane="desk:cnv_2", at=now))
    first, other = await take(outbox, now)
    assert (first.letter.data["n"], other.letter.data["n"]) == (1, 3)
    assert await take(outbox, now) == []
    await outbox.postpone(first, until=now + timedelta(seconds=5), failure="http_500")
    assert await take(outbox, now) == []
    (first,) = await take(outbox, now + timedelta(seconds=5))
    await outbox.settle(first, now=now)
    (second,) = await take(outbox, now)
    assert second.letter.data["n"] == 2


async def test_a_dead_letter_does_not_hold_up_its_lane(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(*[letter(n=n, lane="desk:cnv_1", at=now) for n in (1, 2)])
    (first,) = await take(outbox, now)
    await outbox.bury(first, now=now, failure="http_422")
    (second,) = await take(outbox, now)
    assert second.letter.data["n"] == 2


async def test_a_dead_letter_lives_again_when_it_is_asked_for(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(letter(at=now))
    (delivery,) = await take(outbox, now)
    await outbox.bury(delivery, now=now, failure="gone")
    assert await take(outbox, now + timedelta(days=1)) == []
    (dead,) = await outbox.letters("shop", LetterStatus.DEAD)
    assert (dead.letter.id, dead.failure) == (delivery.letter.id, "gone")
    assert await outbox.replay("another shop", dead.letter.id, now=now) is None
    assert await outbox.replay("shop", "hook:nothing", now=now) is None
    replayed = await outbox.replay("shop", dead.letter.id, now=now)
    assert replayed is not None
    assert (replayed.status, replayed.attempts, replayed.failure) == (LetterStatus.WAITING, 0, "")
    (again,) = await take(outbox, now)
    assert (again.letter, again.attempt) == (delivery.letter, 1)


async def test_asking_for_a_letter_on_its_way_changes_nothing(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(letter(at=now))
    (delivery,) = await take(outbox, now)
    waiting = await outbox.replay("shop", delivery.letter.id, now=now)
    assert waiting is not None
    assert waiting.attempts == 1
    assert await take(outbox, now) == []
    assert await outbox.settle(delivery, now=now)


async def test_letters_are_listed_newest_first_and_by_shop(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(letter(n=1, at=now), letter(n=2, at=now), letter(n=3, shop_id="another", at=now))
    assert [kept.letter.data["n"] for kept in await outbox.letters("shop", None)] == [2, 1]
    assert [kept.letter.data["n"] for kept in await outbox.letters("shop", None, limit=1)] == [2]
    assert await outbox.letters("shop", LetterStatus.DEAD) == type(await outbox.letters("shop", LetterStatus.DEAD))()


async def test_what_was_delivered_long_ago_is_forgotten(outbox: Outbox, write: Write, now: datetime) -> None:
    await write(*[letter(n=n, at=now) for n in (1, 2, 3)])
    for delivery, done in zip(await take(outbox, now), (outbox.settle, outbox.bury, outbox.postpone), strict=True):
        more = {outbox.settle: {"now": now}, outbox.bury: {"now": now, "failure": "x"}}
        await done(delivery, **more.get(done, {"until": now, "failure": "x"}))
    assert await outbox.forget(now) == 0
    assert await outbox.forget(now + timedelta(seconds=1)) == 1
    left = {kept.status for kept in await outbox.letters("shop", None)}
    assert left == {LetterStatus.DEAD, LetterStatus.WAITING}


async def test_erasing_a_conversation_takes_its_letters(
    store: Store, outbox: Outbox, make: Any, claimed: Callable[[], Awaitable[Claim]], now: datetime
) -> None:
    claim = await claimed()
    conversation = claim.file.conversation
    await store.finish(claim, make.outcome(claim, letters=(letter(conversation.id, at=now),)), now=now)
    assert await store.erase(conversation.shop_id, conversation.id)
    assert await take(outbox, now) == []
    assert list(await outbox.letters("shop", None)) == []
