"""The outbox by command: what could not be delivered, and having it sent again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack

from agent.app.assembly import wall_clock
from agent.app.storing import open_storing
from agent.casework.outbox.letters import Kept, LetterStatus
from agent.settings import Settings


async def list_letters(settings: Settings, shop_id: str, status: LetterStatus | None, limit: int) -> Sequence[Kept]:
    """The shop's letters, newest first."""
    async with AsyncExitStack() as stack:
        return await (await open_storing(settings, stack)).letters.letters(shop_id, status, limit)


async def replay_letter(settings: Settings, shop_id: str, letter_id: str) -> Kept | None:
    """Have it delivered again by whatever service runs; none when there is no such letter."""
    async with AsyncExitStack() as stack:
        return await (await open_storing(settings, stack)).letters.replay(shop_id, letter_id, now=wall_clock())
