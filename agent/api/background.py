"""Work that goes on when whoever asked for it has left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

Result = TypeVar("Result")

_at_work: set[asyncio.Task[Any]] = set()


def in_background(work: Awaitable[Result]) -> asyncio.Task[Result]:
    """Start it. The task is kept until it ends, and its exception counts as seen: whoever waits gets it."""
    task = asyncio.ensure_future(_run(work))
    _at_work.add(task)
    task.add_done_callback(_forget)
    return task


async def _run(work: Awaitable[Result]) -> Result:
    return await work


def _forget(task: asyncio.Task[Any]) -> None:
    _at_work.discard(task)
    if not task.cancelled():
        task.exception()
