"""How the desk does: figures of its cases over a stretch of time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agent.conversation import HandoffStatus

PAUSE = timedelta(hours=2)
"""A longer time without a case is no waiting for one: the person was not at work."""

OUTCOMES = ("confirmed", "assumed", "not_solved", "abandoned", "returned", "duplicate", "open")
AS_THEY_ARE = frozenset({"not_solved", "returned", "duplicate"})


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """What is counted of a case. ``answered_at`` is a person's first message in it; ``resolved`` the shopper's own word, if any."""

    status: str
    created_at: datetime
    claimed_at: datetime | None
    claimed_by: str | None
    closed_at: datetime | None
    answered_at: datetime | None
    outcome: str
    resolved: bool | None = None

    @property
    def handled(self) -> tuple[datetime, datetime] | None:
        """From claim to close, when a person has closed it."""
        return (self.claimed_at, self.closed_at) if self.claimed_at and self.closed_at and self.claimed_by else None


def desk_figures(cases: Sequence[CaseTimes]) -> dict[str, Any]:
    """JSON-ready figures of the cases made in a period.

    ``cases``; ``first_answer_s`` from the case to a person's first words, ``{"p50", "p95"}`` by nearest rank, of those
    answered; ``handle_s``, the average from claim to close (AHT), of those closed by a person; ``occupancy``, 0 to 1: of
    the time that people were at work, the share in which they had a case (closed ones; pauses of over two hours are no
    work); ``waiting`` and ``with_person`` as they stand. Without data a figure is None.
    """
    waits = sorted((one.answered_at - one.created_at).total_seconds() for one in cases if one.answered_at)
    handled = [(end - start).total_seconds() for one in cases if one.handled for start, end in [one.handled]]
    return {
        "cases": len(cases),
        "first_answer_s": {f"p{percent}": _rank(waits, percent) for percent in (50, 95)},
        "handle_s": round(sum(handled) / len(handled)) if handled else None,
        "occupancy": occupancy(cases),
        "waiting": sum(one.status == HandoffStatus.QUEUED for one in cases),
        "with_person": sum(one.status in (HandoffStatus.CLAIMED, HandoffStatus.HUMAN) for one in cases),
    }


def outcome_of(case: CaseTimes) -> str:
    """One of ``OUTCOMES``.

    ``confirmed``: solved, and the shopper said so; ``assumed``: solved, without a word from them; ``not_solved`` by either's
    word; ``abandoned``: they declined to wait, or answered no more; ``returned`` to the agent; ``duplicate``; else ``open``.
    """
    if case.closed_at is None:
        return "open"
    if case.resolved is False:
        return "not_solved"
    if case.outcome in AS_THEY_ARE:
        return case.outcome
    if case.outcome == "solved":
        return "confirmed" if case.resolved else "assumed"
    return "abandoned"


def count_outcomes(cases: Iterable[CaseTimes]) -> dict[str, int]:
    """How many of each, none left out."""
    found = Counter(outcome_of(one) for one in cases)
    return {name: found[name] for name in OUTCOMES}


def occupancy(cases: Iterable[CaseTimes]) -> float | None:
    """The share of people's time at work in which they had at least one case."""
    by_person: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in cases:
        if one.handled and one.claimed_by:
            by_person[one.claimed_by].append(one.handled)
    busy = idle = timedelta()
    for spans in by_person.values():
        until = None
        for start, end in sorted(spans):
            if until is not None and timedelta() < start - until <= PAUSE:
                idle += start - until
            busy += max(end - max(start, until or start), timedelta())
            until = max(end, until or end)
    return round(busy / (busy + idle), 3) if busy else None


def _rank(ordered: Sequence[float], percent: int) -> int | None:
    """The percentile by nearest rank."""
    return round(ordered[-(-len(ordered) * percent // 100) - 1]) if ordered else None
