"""How sure a score is: pass^k with intervals, and an interval for a share."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from typing import Final

from evals.suite.check import Outcome
from evals.suite.grading import Result

RESAMPLES: Final = 2000
Z: Final = 1.959964
LOW, HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"


def wilson(passed: int, of: int) -> Estimate:
    """The share of that many, by Wilson's score interval."""
    if not of:
        return Estimate(0.0, 0.0, 1.0)
    share, z2 = passed / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return Estimate(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def pass_hat(passed: int, trials: int, k: int) -> float:
    """The chance that k runs, drawn of these without putting back, all pass: the unbiased estimate of p^k."""
    return comb(passed, k) / comb(trials, k)


def reliability(results: Sequence[Result], seed: int = 1) -> dict[int, Estimate]:
    """pass^1 to pass^k, k being the fewest trials that any case has had.

    The interval is a bootstrap over pairs, whose languages tell the same story: they are drawn together. A case that was
    not evaluated in some trial is left out.
    """
    counted = _counted(results)
    if not counted:
        return {}
    most = min(trials for pair in counted.values() for _, trials in pair)
    return {k: _estimate(counted, k, random.Random(seed * 1000 + k)) for k in range(1, most + 1)}


def _counted(results: Sequence[Result]) -> dict[str, list[tuple[int, int]]]:
    cases: dict[str, list[Result]] = {}
    for one in results:
        cases.setdefault(one.case, []).append(one)
    pairs: dict[str, list[tuple[int, int]]] = {}
    for trials in cases.values():
        if all(one.outcome is not Outcome.NOT_EVALUATED for one in trials):
            passed = sum(one.outcome is Outcome.PASS for one in trials)
            pairs.setdefault(trials[0].pair, []).append((passed, len(trials)))
    return dict(sorted(pairs.items()))


def _estimate(counted: Mapping[str, Sequence[tuple[int, int]]], k: int, chance: random.Random) -> Estimate:
    pairs = [[pass_hat(passed, trials, k) for passed, trials in pair] for pair in counted.values()]
    value = _mean([one for pair in pairs for one in pair])
    if all(
        one == value for pair in pairs for one in pair
    ):  # no spread to draw from: Wilson over the pairs says how little that is
        known = wilson(round(value * len(pairs)), len(pairs))
        return Estimate(value, known.low, known.high)
    drawn = sorted(
        _mean([one for pair in chance.choices(pairs, k=len(pairs)) for one in pair]) for _ in range(RESAMPLES)
    )
    return Estimate(value, drawn[int(LOW * RESAMPLES)], drawn[int(HIGH * RESAMPLES) - 1])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
