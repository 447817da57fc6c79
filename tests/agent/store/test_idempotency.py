import asyncio
from datetime import datetime, timedelta

import pytest

from agent.casework.ports import IdempotencyStore, StoredResponse
from agent.store.database import Database
from agent.store.idempotency import LIFE, PATIENCE, MemoryIdempotencyStore, SqlIdempotencyStore

AT_WORK = StoredResponse("body", 0, "")
ANSWER = StoredResponse("body", 201, '{"ñ":1}')
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def keys(adapter_database: Database | None) -> IdempotencyStore:
    return MemoryIdempotencyStore() if adapter_database is None else SqlIdempotencyStore(adapter_database)


async def test_a_new_key_is_taken_and_then_answered(keys: IdempotencyStore, now: datetime) -> None:
    assert await keys.begin("shop", "k", "body", now) is None
    assert await keys.begin("shop", "k", "another body", now) == AT_WORK
    await keys.complete("shop", "k", ANSWER.status, ANSWER.body)
    assert await keys.begin("shop", "k", "another body", now) == ANSWER


async def test_one_of_many_at_once_takes_the_key(keys: IdempotencyStore, now: datetime) -> None:
    got = await asyncio.gather(*[keys.begin("shop", "k", "body", now) for _ in range(10)])
    assert got.count(None) == 1
    assert got.count(AT_WORK) == 9


async def test_a_dropped_key_is_free_again_but_not_one_with_its_answer(keys: IdempotencyStore, now: datetime) -> None:
    await keys.begin("shop", "k", "body", now)
    await keys.drop("shop", "k")
    assert await keys.begin("shop", "k", "body", now) is None
    await keys.complete("shop", "k", ANSWER.status, ANSWER.body)
    await keys.drop("shop", "k")
    assert await keys.begin("shop", "k", "body", now) == ANSWER


async def test_an_answer_lives_a_day(keys: IdempotencyStore, now: datetime) -> None:
    await keys.begin("shop", "k", "body", now)
    await keys.complete("shop", "k", ANSWER.status, ANSWER.body)
    assert await keys.begin("shop", "k", "body", now + LIFE - MOMENT) == ANSWER
    assert await keys.begin("shop", "k", "new", now + LIFE) is None
    assert await keys.begin("shop", "k", "new", now + LIFE) == StoredResponse("new", 0, "")


async def test_a_request_that_died_frees_its_key_after_a_while(keys: IdempotencyStore, now: datetime) -> None:
    await keys.begin("shop", "k", "body", now)
    assert await keys.begin("shop", "k", "body", now + PATIENCE - MOMENT) == AT_WORK
    assert await keys.begin("shop", "k", "body", now + PATIENCE) is None


async def test_shops_do_not_share_keys(keys: IdempotencyStore, now: datetime) -> None:
    await keys.begin("shop", "k", "body", now)
    assert await keys.begin("other", "k", "body", now) is None
    await keys.complete("other", "k", 200, "theirs")
    await keys.drop("other", "k")
    assert await keys.begin("shop", "k", "body", now) == AT_WORK
