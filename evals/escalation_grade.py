"""Escalation graded as a classifier, with what mistakes cost and what doing nothing, or always the same, would score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

_GRAVE: Final = frozenset({"human_request", "safety", "legal", "fraud"})
_COST_MISSED: Final = 5.0
_COST_MISSED_GRAVE: Final = 20.0
_COST_LATE_TURN: Final = 1.0
_COST_FALSE_ALARM: Final = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One dialogue: ``wanted`` is the labelled reason, none for a stay; ``given`` the policy's reasons, gravest first.

    ``late`` counts the shopper's turns between the last good moment and the call.
    """

    id: str
    language: str
    wanted: str | None
    given: tuple[str, ...]
    late: int

    @property
    def cost(self) -> float:
        """1 for a false alarm and for each late turn, 5 for a missed case, 20 for one that may never be missed."""
        if self.wanted is None:
            return _COST_FALSE_ALARM if self.given else 0.0
        if not self.given:
            return _COST_MISSED_GRAVE if self.wanted in _GRAVE else _COST_MISSED
        return _COST_LATE_TURN * self.late


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one group of outcomes and the rates made from them; a rate of nothing is 1.0, an alarm rate 0.0."""

    hits: int
    missed: int
    false_alarms: int
    stays: int
    late_turns: int
    latest: int
    right_reason: int
    cost: float

    @property
    def precision(self) -> float:
        """Share of the calls that were wanted."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        """Share of the wanted calls that were made."""
        return _share(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return _share(2 * self.hits, 2 * self.hits + self.false_alarms + self.missed)

    @property
    def alarms_per_100_stays(self) -> float:
        """False alarms for every hundred dialogues that needed nobody."""
        return 100.0 * self.false_alarms / self.stays if self.stays else 0.0


def score(outcomes: Iterable[Outcome]) -> Score:
    """Counts over these outcomes."""
    rows = list(outcomes)
    wanted = [row for row in rows if row.wanted]
    hits = [row for row in wanted if row.given]
    return Score(
        hits=len(hits),
        missed=len(wanted) - len(hits),
        false_alarms=sum(row.wanted is None and bool(row.given) for row in rows),
        stays=sum(row.wanted is None for row in rows),
        late_turns=sum(row.late for row in hits),
        latest=max((row.late for row in hits), default=0),
        right_reason=sum(row.wanted in row.given for row in hits),
        cost=sum(row.cost for row in rows),
    )


def of_reason(outcomes: Iterable[Outcome], reason: str) -> list[Outcome]:
    """Who wanted that reason, and every stay: a false alarm belongs to the reason that was given first for it."""
    return [
        row if row.wanted or row.given[:1] == (reason,) else replace(row, given=())
        for row in outcomes
        if row.wanted in (None, reason)
    ]


def report(outcomes: Sequence[Outcome]) -> str:
    """Tables overall, per language and per reason, the baselines, and the ids of what went wrong."""
    silent = [replace(row, given=(), late=0) for row in outcomes]
    eager = [replace(row, given=(row.wanted or "any",), late=0) for row in outcomes]
    languages = sorted({row.language for row in outcomes})
    wanted = Counter(row.wanted for row in outcomes if row.wanted)
    alarms = {row.given[0] for row in outcomes if not row.wanted and row.given}
    reasons = sorted({*wanted, *alarms})
    head = f"{'':26}{'n':>5}{'prec':>7}{'recall':>8}{'F1':>7}{'late':>6}{'max':>5}{'FA/100':>8}{'reason':>8}{'cost':>8}"
    rows = [
        head,
        _row("all", outcomes),
        *(_row(f"language {name}", [row for row in outcomes if row.language == name]) for name in languages),
        *(_row(f"reason {name}", of_reason(outcomes, name), wanted[name]) for name in reasons),
        _row("baseline: do nothing", silent),
        _row("baseline: always call", eager),
    ]
    return "\n".join([*rows, *_mistakes(outcomes)])


def _row(name: str, outcomes: Sequence[Outcome], many: int | None = None) -> str:
    result = score(outcomes)
    return (
        f"{name:26}{len(outcomes) if many is None else many:>5}{result.precision:>7.3f}{result.recall:>8.3f}{result.f1:>7.3f}"
        f"{result.late_turns:>6}{result.latest:>5}{result.alarms_per_100_stays:>8.1f}"
        f"{_share(result.right_reason, result.hits):>8.3f}{result.cost:>8.1f}"
    )


def _mistakes(outcomes: Sequence[Outcome]) -> list[str]:
    lines = [f"missed       {row.id} {row.wanted}" for row in outcomes if row.wanted and not row.given]
    lines += [f"false alarm  {row.id} {','.join(row.given)}" for row in outcomes if not row.wanted and row.given]
    lines += [f"late by {row.late:<4} {row.id} {row.wanted}" for row in outcomes if row.wanted and row.late]
    mixed = Counter((row.wanted, row.given[0]) for row in outcomes if row.wanted and row.given)
    lines += [f"confusion    {wanted} -> {given}: {n}" for (wanted, given), n in mixed.most_common() if wanted != given]
    return lines


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
