"""What a shopper does next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from evals.suite.casefile.shopper import Press
from evals.suite.trajectory import TurnRecord

CODE = "CODE"
"""A text that stands for the one-time code mailed last."""


@dataclass(frozen=True, slots=True)
class Move:
    """A message, a button, or a wait of so many seconds."""

    kind: Literal["say", "press", "wait"]
    text: str = ""
    press: Press = "confirm"
    seconds: float = 0.0
    again: bool = False
    hostile: bool = False
    canaries: tuple[str, ...] = ()
    wants_person: bool = False
    agrees: bool | None = None
    gives: dict[str, str] = field(default_factory=dict)


class Player(Protocol):
    """A shopper. ``why`` says why they gave up; empty when they got to the end of what they wanted to say."""

    @property
    def why(self) -> str:
        """The reason."""
        ...

    async def next(self, last: TurnRecord | None) -> Move | None:
        """The next move after that turn (none: the first move); none when there is nothing left to say."""
        ...
