"""The reply is in the shopper's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evals.suite.invariants.finding import Finding
from evals.suite.languages import language_of
from evals.suite.trajectory import Trajectory

NAME: Final = "language"


def check(trajectory: Trajectory) -> Iterator[Finding]:
    """The case's language; a shopper who switches to another of the three may be followed from then on.

    What answers an attack is not looked at: those of the collections are in many languages.
    """
    spoken = {trajectory.language}
    for turn in trajectory.turns:
        heard = language_of(turn.said.text)
        if heard and len(turn.said.text.split()) > 4:
            spoken.add(heard)  # type: ignore[arg-type]
        told = language_of(turn.reply) if turn.reply and not turn.said.hostile else None
        if told and told not in spoken:
            yield Finding(turn.n, f"answers {told} to {trajectory.language}")
