"""A Redis client that gives up quickly: nothing that Redis does for this service is worth a shopper's wait."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_S = 2.0
ANSWER_S = 5.0


def connect_redis(url: str) -> Redis:
    """A client for ``redis://`` or ``rediss://``; connects on first use, tries a lost connection once again."""
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=CONNECT_S,
        socket_timeout=ANSWER_S,
        socket_keepalive=True,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 1),
    )
