"""While a person has the conversation the model never speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evals.suite.invariants.finding import Finding
from evals.suite.trajectory import Trajectory

NAME: Final = "human_silence"


def check(trajectory: Trajectory) -> Iterator[Finding]:
    """By messages that come while a person is there; buttons are answered by code."""
    for turn in trajectory.turns:
        if turn.before == "human" and turn.said.kind == "message" and turn.reply:
            yield Finding(turn.n, "the agent talks over the person")
