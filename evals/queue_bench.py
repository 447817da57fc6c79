"""How honest the expected wait is: a simulated desk, and how many waits fall inside the interval that was told.

The desk is not the model that the estimate assumes: handling times are log-normal, people hold several cases at once, are slow to
click, go for lunch and come back; shoppers come in waves and some are more urgent. The estimate sees what the store
would show it at that moment and nothing else.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median

from agent.casework.desk.ports import Taken
from agent.casework.waiting import MOST, WINDOW, estimate

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY_S = 8 * 3600
URGENT = 0.15
FIRST_DAY = 100
"""Days before were looked at while the estimate was made."""

CLICK_S = (3.0, 25.0)


@dataclass(frozen=True, slots=True)
class Desk:
    """A day at a desk: how many people, with how many cases each, how busy, and how they come and go.

    ``load`` is work coming in over work that can be done. ``shifts`` are ``(from, until, people)`` in hours.
    """

    name: str
    shifts: tuple[tuple[float, float, int], ...]
    load: float
    seats: int = 1
    minutes: float = 8.0
    spread: float = 0.8
    waves: float = 0.0


DESKS = (
    Desk("one person, busy", ((0, 8, 1),), 0.95, minutes=5),
    Desk("three people", ((0, 8, 3),), 0.92),
    Desk("three people, too few", ((0, 8, 3),), 1.1),
    Desk("three people, two cases each", ((0, 8, 3),), 0.97, seats=2),
    Desk("eight people", ((0, 8, 8),), 0.97),
    Desk("five people, in waves", ((0, 8, 5),), 0.95, waves=0.6),
    Desk("six people, three at lunch", ((0, 3.5, 6), (3.5, 5, 3), (5, 8, 6)), 0.9),
)


@dataclass(slots=True)
class Told:
    """Who was told what, and how long it took."""

    waits: list[tuple[float, int, int]] = field(default_factory=list)
    silent: int = 0

    @property
    def inside(self) -> float:
        """The share of waits inside the interval."""
        return sum(low <= took <= high for took, low, high in self.waits) / max(1, len(self.waits))

    def add(self, other: Told) -> None:
        """Both together."""
        self.waits += other.waits
        self.silent += other.silent


def simulate(desk: Desk, seed: int) -> Told:
    """One day. Only those who have to wait are counted: whoever is taken at once is told nothing."""
    dice = random.Random(seed)
    told, taken = Told(), list[Taken]()
    queue: list[tuple[int, float, tuple[int, int] | None]] = []
    free_at = list[float]()
    coming = _arrivals(desk, dice)
    come = next(coming, None)
    working = 0
    now = 0.0
    while come is not None or queue:
        seats = _people(desk, now) * desk.seats
        nobody_free = working >= seats or not queue
        next_free = free_at[0] if free_at else DAY_S * 2.0
        next_shift = _next_shift(desk, now)
        if nobody_free:
            now = min(come if come is not None else DAY_S * 2.0, next_free, next_shift)
            if now >= DAY_S * 2.0:
                break
            if free_at and now == next_free:
                heapq.heappop(free_at)
                working -= 1
            elif come is not None and now == come:
                _join(desk, dice, told, taken, queue, now, idle=working < seats)
                come = next(coming, None)
            continue
        _, since, promise = heapq.heappop(queue)
        now += dice.uniform(*CLICK_S) / max(1, seats - working)
        taken.append(Taken(_at(since), _at(now), f"P{dice.randrange(max(1, _people(desk, now)))}"))
        if promise is not None:
            told.waits.append((now - since, *promise))
        working += 1
        heapq.heappush(free_at, now + _handling(desk, dice))
    return told


def _join(
    desk: Desk,
    dice: random.Random,
    told: Told,
    taken: Sequence[Taken],
    queue: list[tuple[int, float, tuple[int, int] | None]],
    now: float,
    *,
    idle: bool,
) -> None:
    priority = 1 if dice.random() < URGENT else 2
    position = 1 + sum(other <= priority for other, _, _ in queue)
    promise = None
    if not idle:
        recent = [one for one in taken if one.claimed_at >= _at(now) - WINDOW][-MOST:]
        then = len({one.person for one in recent})
        promise = estimate(recent, position, min(4.0, max(0.25, _people(desk, now) / then))) if then else None
        told.silent += promise is None
    heapq.heappush(queue, (priority, now, promise))


def _arrivals(desk: Desk, dice: random.Random) -> Iterator[float]:
    mean = sum((until - since) * people for since, until, people in desk.shifts) / 8
    rate = desk.load * mean * math.sqrt(desk.seats) / (desk.minutes * 60)
    now = 0.0
    while True:
        wave = 1 + desk.waves * (1 if int(now // 2400) % 2 else -1)
        now += dice.expovariate(rate * wave)
        if now > DAY_S:
            return
        yield now


def _handling(desk: Desk, dice: random.Random) -> float:
    middle = desk.minutes * 60 / _mean_of_lognormal(desk.spread)
    return dice.lognormvariate(0, desk.spread) * middle * math.sqrt(desk.seats)


def _mean_of_lognormal(spread: float) -> float:
    return math.exp(spread * spread / 2)


def _people(desk: Desk, now: float) -> int:
    hour = now / 3600
    return next((people for since, until, people in desk.shifts if since <= hour < until), desk.shifts[-1][2])


def _next_shift(desk: Desk, now: float) -> float:
    return next((since * 3600 for since, _, _ in desk.shifts if since * 3600 > now), DAY_S * 2.0)


def _at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def measure(days: int = 10) -> dict[str, Told]:
    """Every desk, that many days each, the same ones every time."""
    found = {}
    for desk in DESKS:
        told = Told()
        for day in range(days):
            told.add(simulate(desk, FIRST_DAY + day))
        found[desk.name] = told
    return found


def main(days: int = 10) -> None:
    """Print the share of waits inside the interval, desk by desk."""
    found, everyone = measure(days), Told()
    print(f"{'desk':32}{'waits':>8}{'inside':>8}{'too long':>10}{'median wait':>13}{'median width':>14}{'untold':>8}")
    for name, told in found.items():
        everyone.add(told)
        _row(name, told)
    _row("all", everyone)


def _row(name: str, told: Told) -> None:
    late = sum(took > high for took, _, high in told.waits) / max(1, len(told.waits))
    wait, width = median(took for took, _, _ in told.waits), median(high - low for _, low, high in told.waits)
    print(
        f"{name:32}{len(told.waits):8}{told.inside:8.1%}{late:10.1%}{wait / 60:9.1f} min{width / 60:10.1f} min{told.silent:8}"
    )


if __name__ == "__main__":
    main()
