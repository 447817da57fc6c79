"""Work that is done again and again beside the service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger("postventa.rounds")


async def do_rounds(name: str, every_s: float, work: Callable[[], Awaitable[object]]) -> None:
    """Do it every so many seconds until cancelled. A round that fails is logged, and the next one comes."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except Exception as error:  # noqa: BLE001  whatever it was: rounds that ended would be missed by nobody until it hurts
            log.warning("round_failed", rounds=name, error=type(error).__name__)
