"""A shopper is always answered: no move ends in a problem or in silence while the agent has the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evals.suite.invariants.finding import Finding
from evals.suite.trajectory import Trajectory

NAME: Final = "answered"


def check(trajectory: Trajectory) -> Iterator[Finding]:
    """By turns."""
    for turn in trajectory.turns:
        if turn.problem:
            yield Finding(turn.n, f"answers {turn.problem}")
        elif turn.before == "bot" and not turn.reply:
            yield Finding(turn.n, "answers nothing")
