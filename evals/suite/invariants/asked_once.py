"""Nothing is asked twice: a fact that the shopper has given is not asked for again for the same wish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evals.suite.invariants.finding import Finding
from evals.suite.trajectory import Trajectory

NAME: Final = "asked_once"
DECISIONS: Final = ("confirmation", "choice", "code")
"""Asked for as often as there is something to decide."""
SETTLES: Final = ("executed", "rejected", "expired", "undone")


def check(trajectory: Trajectory) -> Iterator[Finding]:
    """Once an action is settled another wish may need its own item, size or reason; who the shopper is stays known."""
    given: dict[str, str] = {}
    for turn in trajectory.turns:
        given |= turn.said.gives
        if any(one["status"] in SETTLES for one in turn.actions):
            given = {fact: value for fact, value in given.items() if fact in ("order_number", "email")}
        yield from (
            Finding(turn.n, f"asks for {fact} again, which is {given[fact]!r}")
            for fact in turn.asks
            if fact in given and fact not in DECISIONS
        )
