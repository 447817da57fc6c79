import asyncio
from datetime import datetime, timedelta

import pytest

from agent.casework.ports import CodeStore, StoredCode
from agent.store.codes import MemoryCodeStore, SqlCodeStore
from agent.store.database import Database

OF = ("shop", "cnv_1", "c-1")
LIFE = timedelta(minutes=10)


@pytest.fixture
def codes(adapter_database: Database | None) -> CodeStore:
    return MemoryCodeStore() if adapter_database is None else SqlCodeStore(adapter_database)


def code(now: datetime, digest: str = "digest") -> StoredCode:
    return StoredCode("c-1", digest, now + LIFE, 0)


async def test_every_look_is_a_try(codes: CodeStore, now: datetime) -> None:
    await codes.put("shop", "cnv_1", code(now), now)
    assert await codes.take(*OF, now) == StoredCode("c-1", "digest", now + LIFE, 1)
    assert await codes.take(*OF, now) == StoredCode("c-1", "digest", now + LIFE, 2)


async def test_looks_at_once_are_all_counted(codes: CodeStore, now: datetime) -> None:
    await codes.put("shop", "cnv_1", code(now), now)
    taken = await asyncio.gather(*[codes.take(*OF, now) for _ in range(10)])
    assert sorted(one.tries for one in taken if one) == list(range(1, 11))


async def test_a_new_code_kills_the_one_before(codes: CodeStore, now: datetime) -> None:
    await codes.put("shop", "cnv_1", code(now, "old"), now)
    await codes.take(*OF, now)
    await codes.put("shop", "cnv_1", code(now, "new"), now)
    assert await codes.take(*OF, now) == StoredCode("c-1", "new", now + LIFE, 1)


async def test_a_code_that_ran_out_or_was_spent_is_gone(codes: CodeStore, now: datetime) -> None:
    await codes.put("shop", "cnv_1", code(now), now)
    assert await codes.take(*OF, now + LIFE) is None
    assert await codes.take(*OF, now) is not None
    await codes.spend(*OF)
    assert await codes.take(*OF, now) is None


async def test_a_code_is_for_one_shop_conversation_and_customer(codes: CodeStore, now: datetime) -> None:
    await codes.put("shop", "cnv_1", code(now), now)
    for stranger in (("other", "cnv_1", "c-1"), ("shop", "cnv_2", "c-1"), ("shop", "cnv_1", "c-2")):
        assert await codes.take(*stranger, now) is None
        await codes.spend(*stranger)
    assert await codes.take(*OF, now) is not None


async def test_putting_a_code_keeps_others_that_live(codes: CodeStore, now: datetime) -> None:
    await codes.put("shop", "cnv_1", code(now), now)
    await codes.put("shop", "cnv_2", code(now + LIFE), now + LIFE - timedelta(seconds=1))
    assert await codes.take(*OF, now) is not None
    await codes.put("shop", "cnv_2", code(now + LIFE), now + LIFE)
    assert await codes.take(*OF, now) is None
