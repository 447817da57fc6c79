import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.casework.ports import RateLimit
from agent.store.rate_limit import FIRST_SWEEP, MemoryRateLimit
from agent.store.redis_rate_limit import RedisRateLimit

HOUR = 3600
GONE = "redis://127.0.0.1:1/0"


@pytest.fixture(params=("memory", "redis"))
def adapter(request: pytest.FixtureRequest) -> tuple[str, str] | None:
    if request.param == "memory":
        return None
    return request.getfixturevalue("redis_url"), request.getfixturevalue("redis_prefix")


@pytest.fixture
async def limits(adapter: tuple[str, str] | None) -> AsyncIterator[RateLimit]:
    opened: RateLimit = MemoryRateLimit() if adapter is None else RedisRateLimit(*adapter)
    yield opened
    await opened.close()


async def test_so_many_are_allowed_and_then_none_for_the_rest_of_the_window(limits: RateLimit) -> None:
    assert [await limits.hit("messages", "cnv_1", limit=3, per_s=HOUR) for _ in range(3)] == [0, 0, 0]
    wait = await limits.hit("messages", "cnv_1", limit=3, per_s=HOUR)
    assert HOUR - 60 < wait <= HOUR


async def test_names_and_keys_are_counted_apart(limits: RateLimit) -> None:
    for name, key in (("messages", "a"), ("messages", "b"), ("codes", "a"), ("codes", "a:b"), ("codes", "a/b")):
        assert await limits.hit(name, key, limit=1, per_s=HOUR) == 0
    assert await limits.hit("messages", "a", limit=1, per_s=HOUR) > 0


async def test_of_twenty_at_once_only_the_limit_passes(limits: RateLimit) -> None:
    waits = await asyncio.gather(*[limits.hit("codes", "c-1", limit=5, per_s=HOUR) for _ in range(20)])
    assert waits.count(0) == 5


async def test_two_replicas_count_together(redis_url: str, redis_prefix: str) -> None:
    one, two = RedisRateLimit(redis_url, redis_prefix), RedisRateLimit(redis_url, redis_prefix)
    assert await one.hit("codes", "c-1", limit=1, per_s=HOUR) == 0
    assert await two.hit("codes", "c-1", limit=1, per_s=HOUR) > 0
    await one.close()
    await two.close()


async def test_without_redis_a_replica_counts_for_itself() -> None:
    limits = RedisRateLimit(GONE)
    assert await limits.hit("codes", "c-1", limit=1, per_s=HOUR) == 0
    assert await limits.hit("codes", "c-1", limit=1, per_s=HOUR) > 0
    await limits.close()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_the_window_moves_with_the_clock() -> None:
    clock = Clock()
    limits = MemoryRateLimit(clock)
    assert await limits.hit("m", "k", limit=2, per_s=60) == 0
    clock.now += 45
    assert await limits.hit("m", "k", limit=2, per_s=60) == 0
    assert await limits.hit("m", "k", limit=2, per_s=60) == 15
    clock.now += 14.5
    assert await limits.hit("m", "k", limit=2, per_s=60) == 1
    clock.now += 0.5
    assert await limits.hit("m", "k", limit=2, per_s=60) == 0
    assert await limits.hit("m", "k", limit=2, per_s=60) == 45


async def test_windows_that_are_over_are_forgotten_and_the_others_kept() -> None:
    clock = Clock()
    limits = MemoryRateLimit(clock)
    await limits.hit("m", "kept", limit=1, per_s=HOUR)
    for n in range(FIRST_SWEEP - 1):
        await limits.hit("m", f"k{n}", limit=1, per_s=60)
    clock.now += 61
    await limits.hit("m", "new", limit=1, per_s=60)
    assert len(limits._windows) == 2
    assert await limits.hit("m", "kept", limit=1, per_s=HOUR) > 0
