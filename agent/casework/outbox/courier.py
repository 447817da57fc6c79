"""Delivers the letters that are due: many replicas may do so at once, and each letter is in one pair of hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from agent.casework.metrics import LETTERS
from agent.casework.outbox.letters import Carrier, Delivery, NotDelivered, Outbox

log = structlog.get_logger("postventa.outbox")

BATCH = 20
IN_TIME = 0.8
"""Of the lease: a delivery that takes longer is broken off, so that the next holder is alone with the letter."""
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Pacing:
    """When to try again: ``first_s`` doubled with every attempt up to ``most_s``, less up to half by chance.

    A target's own ``Retry-After`` is honoured up to ``most_s``. After ``attempts`` the letter is dead.
    """

    first_s: float = 2.0
    most_s: float = 3600.0
    attempts: int = 20

    def wait_s(self, attempt: int, asked_s: float | None, chance: float) -> float:
        """Seconds until the next attempt; ``attempt`` is the one that just failed, ``chance`` from 0 to 1."""
        grown = min(self.most_s, self.first_s * 2.0 ** min(attempt - 1, 60))
        return max(grown * (1 - chance / 2), min(asked_s or 0.0, self.most_s))


class Courier:
    """``carriers`` are by target. ``chance`` gives numbers from 0 to 1."""

    def __init__(
        self,
        outbox: Outbox,
        carriers: Mapping[str, Carrier],
        *,
        clock: Callable[[], datetime],
        owner: str,
        chance: Callable[[], float],
        pacing: Pacing = Pacing(),
        lease_s: float = 60.0,
    ) -> None:
        self._outbox = outbox
        self._carriers = carriers
        self._clock = clock
        self._owner = owner
        self._chance = chance
        self._pacing = pacing
        self._lease_s = lease_s

    async def deliver_due(self) -> int:
        """Try every letter that is due now, once; how many were tried. Without targets nothing is asked."""
        tried = 0
        while self._carriers and (
            taken := await self._outbox.take(owner=self._owner, now=self._clock(), lease_s=self._lease_s, limit=BATCH)
        ):
            await asyncio.gather(*[self._deliver(delivery) for delivery in taken])
            tried += len(taken)
        return tried

    async def tidy(self) -> None:
        """Let go of what was delivered a month ago."""
        await self._outbox.forget(self._clock() - timedelta(days=KEPT_DAYS))

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            await self._carry(delivery)
        except NotDelivered as failed:
            await self._try_again(delivery, failed)
        except Exception:  # a defect in one carrier must not stop the letters of the others; it is logged and retried
            log.exception("letter_broke", letter=delivery.letter.id)
            await self._try_again(delivery, NotDelivered("defect"))
        else:
            LETTERS.labels(delivery.letter.target, "delivered").inc()
            await self._outbox.settle(delivery, now=self._clock())

    async def _carry(self, delivery: Delivery) -> None:
        carrier = self._carriers.get(delivery.letter.target)
        if carrier is None:
            raise NotDelivered("no_such_target", final=True)
        try:
            async with asyncio.timeout(self._lease_s * IN_TIME):
                await carrier.carry(delivery, self._clock())
        except TimeoutError:
            raise NotDelivered("timeout") from None

    async def _try_again(self, delivery: Delivery, failed: NotDelivered) -> None:
        letter, now = delivery.letter, self._clock()
        if failed.final or delivery.attempt >= self._pacing.attempts:
            LETTERS.labels(letter.target, "dead").inc()
            log.error("letter_dead", letter=letter.id, type=letter.type, failure=failed.failure)
            await self._outbox.bury(delivery, now=now, failure=failed.failure)
            return
        wait_s = self._pacing.wait_s(delivery.attempt, failed.retry_after_s, self._chance())
        LETTERS.labels(letter.target, "failed").inc()
        log.warning("letter_failed", letter=letter.id, failure=failed.failure, attempt=delivery.attempt)
        await self._outbox.postpone(delivery, until=now + timedelta(seconds=wait_s), failure=failed.failure)
