"""Rate limits at the door."""

from __future__ import annotations

from agent.api.parts import ApiParts, Rate
from agent.errors import TooMany


async def count(parts: ApiParts, name: str, key: str, rate: Rate) -> None:
    """Count one. Raises ``TooMany``."""
    wait = await parts.services.limits.hit(name, key, limit=rate.limit, per_s=rate.per_s)
    if wait:
        raise TooMany(wait)
