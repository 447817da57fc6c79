"""How long it will honestly take until a person comes: an interval from what the desk has done lately, or nothing.

Claims made while somebody waited come at some rate. With ``n`` such gaps that took ``T`` seconds together, the time until the
``k``-th next claim is at most ``t`` with the chance that of ``k + n - 1`` throws at ``t / (T + t)`` at least ``k`` hit (the
predictive distribution of a Poisson process whose rate is known from the gaps alone). ``evals.queue_bench`` measures
how often the interval holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.casework.desk.ports import Colleague, Presence, Taken
from agent.casework.front import Services
from agent.casework.hours import OpeningHours
from agent.conversation import Handoff

Wait = tuple[int, int] | None

LOW, HIGH = 0.1, 0.9
"""Four of five waits should be inside."""

FEWEST = 5
MOST = 40
WINDOW = timedelta(hours=2)
SEEN_FOR = timedelta(minutes=5)
"""How long somebody who was heard of counts as there."""

STEP_S = 30
AT_ONCE_S = 45
MOST_CHANGED = 4.0
"""More people than that, or fewer, than made the gaps: the gaps tell no more than this factor."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of one queue at one moment."""

    taken: Sequence[Taken]
    people: Sequence[Colleague]
    now: datetime
    open: bool

    def expected(self, handoff: Handoff, position: int) -> Wait:
        """Seconds from now, ``(low, high)``, for the case at that position; None when it does not wait or too little is known."""
        if position < 1 or not self.open or len(self.taken) < FEWEST:
            return None
        return estimate(self.taken, position, pace(self.taken, self.people, handoff, self.now))


class Waiting:
    """Reads from the store who is there, and what was claimed in the last two hours."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def outlook(self, shop_id: str, queue: str) -> Outlook:
        """One queue now."""
        now, store = self._services.clock(), self._services.store
        is_open = OpeningHours.of(self._services.storefronts[shop_id].policy, now).open_at(now)
        taken = await store.taken(shop_id, queue, now - WINDOW, MOST) if is_open else ()
        people = await store.people(shop_id) if len(taken) >= FEWEST else ()
        return Outlook(taken, people, now, is_open)

    async def expected(self, shop_id: str, handoff: Handoff, position: int) -> Wait:
        """See ``Outlook.expected``."""
        if position < 1:
            return None
        return (await self.outlook(shop_id, handoff.queue)).expected(handoff, position)


def estimate(taken: Sequence[Taken], position: int, faster: float = 1.0) -> Wait:
    """The interval for the case at ``position`` (1 is next), in seconds; ``faster`` is how the pace has changed since.

    None with fewer than five gaps, or when nobody is left (``faster`` 0).
    """
    gaps = gaps_of(taken)
    if len(gaps) < FEWEST or faster <= 0:
        return None
    total = sum(gaps) / faster
    low, high = (_time_until(position, len(gaps), total, chance) for chance in (LOW, HIGH))
    return math.floor(low / STEP_S) * STEP_S, max(STEP_S, math.ceil(high / STEP_S) * STEP_S)


def gaps_of(taken: Sequence[Taken]) -> list[float]:
    """Seconds between claims while somebody waited in earnest; ``taken`` is in order of the claims.

    A case that was taken at once tells nothing of how long one waits when all are busy.
    """
    waiting_since: list[datetime] = []
    first = None
    for one in reversed(taken):
        first = one.queued_at if first is None else min(first, one.queued_at)
        waiting_since.append(first)
    waiting_since.reverse()
    pairs = zip(taken, taken[1:], waiting_since[1:], strict=False)
    return [
        (after.claimed_at - max(before.claimed_at, somebody_waits)).total_seconds()
        for before, after, somebody_waits in pairs
        if (after.claimed_at - after.queued_at).total_seconds() >= AT_ONCE_S
    ]


def pace(taken: Sequence[Taken], people: Sequence[Colleague], handoff: Handoff, now: datetime) -> float:
    """How much faster claims come now than when those were made, by how many there are to make them.

    1 when nobody ever said whether they are there; 0 when nobody is.
    """
    if not any(person.seen_at for person in people):
        return 1.0
    there = sum(is_present(person, now) and person.fits(handoff.queue, handoff.language) for person in people)
    then = len({one.person for one in taken})
    return min(MOST_CHANGED, max(1 / MOST_CHANGED, there / then)) if there else 0.0


def is_present(person: Colleague, now: datetime) -> bool:
    """Whether the person takes cases, by what was last heard of them."""
    return person.status is Presence.ONLINE and person.seen_at is not None and now - person.seen_at <= SEEN_FOR


def _time_until(position: int, gaps: int, total: float, chance: float) -> float:
    """The time by which the ``position``-th claim has come with that chance."""
    throws, low, high = position + gaps - 1, 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        if _at_least(position, throws, middle) < chance:
            low = middle
        else:
            high = middle
    return total * low / (1 - low)


def _at_least(hits: int, throws: int, chance: float) -> float:
    """The binomial tail."""
    if chance in (0.0, 1.0):
        return chance
    yes, no = math.log(chance), math.log1p(-chance)
    whole = math.lgamma(throws + 1)
    return sum(
        math.exp(whole - math.lgamma(n + 1) - math.lgamma(throws - n + 1) + n * yes + (throws - n) * no)
        for n in range(hits, throws + 1)
    )
