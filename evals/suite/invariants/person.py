"""Whoever asks for a person gets one in that very turn, and is never argued with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evals.suite.invariants.finding import Finding
from evals.suite.trajectory import Trajectory

NAME: Final = "person"


def check(trajectory: Trajectory) -> Iterator[Finding]:
    """By requests: the button, a step that says so, or plain words."""
    for turn in trajectory.turns:
        if not turn.said.wants_person or turn.said.again:
            continue
        if turn.problem:
            yield Finding(turn.n, f"asks for a person and gets {turn.problem}")
        elif turn.handoff is None and turn.turn.get("status") == "bot":
            yield Finding(turn.n, "asks for a person and is kept with the agent")
