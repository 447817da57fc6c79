"""What the shop's own systems tell us about orders, kept until somebody acts on it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from agent.conversation import Json


class OrderEvents(Protocol):
    """Order events as they came in, each kept once however often it is delivered."""

    async def keep(self, shop_id: str, event_id: str, payload: Json, now: datetime) -> bool:
        """Keep an event; false when one with this id was kept before, which is then left as it is."""
        ...
