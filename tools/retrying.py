"""Asking an order system that may be slow or away: a deadline for each call, and a few tries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from tenacity.wait import WaitBaseT

from tools.shop.errors import ShopUnavailable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retry:
    """How patient to be. ``timeout`` is in seconds for each call; ``sleep`` is injected so that tests need not wait."""

    attempts: int = 3
    timeout: float = 10.0
    wait: WaitBaseT = field(default_factory=lambda: wait_exponential(multiplier=0.2, max=2.0))
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def tries(self) -> AsyncRetrying:
        """The tries, each after the wait; only ``ShopUnavailable`` leads to another, and the last one is raised."""
        return AsyncRetrying(
            stop=stop_after_attempt(self.attempts),
            wait=self.wait,
            sleep=self.sleep,
            retry=retry_if_exception_type(ShopUnavailable),
            reraise=True,
        )

    async def once(self, ask: Callable[[], Awaitable[T]]) -> T:
        """One call within the deadline; ``ShopUnavailable("timeout")`` past it."""
        try:
            async with asyncio.timeout(self.timeout):
                return await ask()
        except TimeoutError as late:
            raise ShopUnavailable("timeout") from late

    async def ask(self, ask: Callable[[], Awaitable[T]]) -> T:
        """A call that may be repeated freely, such as a read. Raises ``ShopUnavailable`` after the last try."""
        return await self.tries()(self.once, ask)
