"""Rate limits shared by all replicas, in Redis."""

from __future__ import annotations

import time
from math import ceil

import structlog
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from agent.store.rate_limit import MemoryRateLimit
from agent.store.redis_client import connect_redis

log = structlog.get_logger(__name__)


class RedisRateLimit:
    """``casework.ports.RateLimit``; while Redis is away, each replica counts for itself."""

    def __init__(self, url: str, prefix: str = "postventa") -> None:
        self._redis = connect_redis(url)
        storage = RedisStorage(
            f"async+{url}",
            implementation="redispy",
            key_prefix=f"{prefix}:limits",
            connection_pool=self._redis.connection_pool,  # type: ignore[arg-type]
        )
        self._window = MovingWindowRateLimiter(storage)
        self._stand_in = MemoryRateLimit()

    async def hit(self, name: str, key: str, *, limit: int, per_s: int) -> int:
        """See the port."""
        item = RateLimitItemPerSecond(limit, per_s)
        try:
            if await self._window.hit(item, name, key):
                return 0
            reset_time, _ = await self._window.get_window_stats(item, name, key)
        except (RedisError, OSError) as error:
            log.warning("rate_limit.redis_away", error=type(error).__name__)
            return await self._stand_in.hit(name, key, limit=limit, per_s=per_s)
        # The library writes wall-clock times into Redis, for all replicas to read.
        return max(1, ceil(reset_time - time.time()))

    async def close(self) -> None:
        """Let connections go."""
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()
