"""Where a case is played, and how much of it can be seen from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from evals.suite.casefile.fixture import DeskDeed
from evals.suite.door import Door
from evals.suite.trajectory import Happened, RowChange, Standing, ToolRun, Write


class OutOfReach(Exception):
    """The case needs something of the world that this venue does not have."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a turn looks like from inside; null for what cannot be seen."""

    tools: tuple[ToolRun, ...] | None
    writes: tuple[Write, ...] | None
    changed: tuple[RowChange, ...] | None
    standing: Standing
    foreign: tuple[str, ...] | None


class Venue(Protocol):
    """A service and the world around it."""

    @property
    def door(self) -> Door:
        """The way in."""
        ...

    @property
    def now(self) -> str:
        """The time there, ISO 8601; empty when it is not ours to know."""
        ...

    @property
    def world(self) -> list[Happened]:
        """What the world did so far."""
        ...

    async def prepare(self) -> None:
        """Before anything else. Raises ``OutOfReach`` when the case needs what is not here, ``LookupError`` when it names what is not."""
        ...

    async def sign(self, customer: str) -> str:
        """The storefront's token for that customer. Raises ``OutOfReach``."""
        ...

    async def proof(self, customer: str) -> str:
        """The e-mail of that customer. Raises ``OutOfReach``."""
        ...

    async def pass_time(self, seconds: float, after_turn: int) -> None:
        """Let time pass, with all that happens in it. Raises ``OutOfReach`` where time is not ours."""
        ...

    async def happen(self, after_turn: int) -> None:
        """What the case lets happen at that moment. Raises ``OutOfReach``."""
        ...

    async def at_desk(self, deed: DeskDeed, after_turn: int) -> None:
        """A person at the desk does that now. Raises ``LookupError``."""
        ...

    async def look(self, turn: dict[str, Any], said: str) -> Seen:
        """The turn from inside. ``said`` is all that the shopper wrote so far."""
        ...

    async def changes(self) -> tuple[RowChange, ...] | None:
        """Rows that differ from the beginning, the world's own doing left out."""
        ...

    async def events(self) -> tuple[dict[str, Any], ...]:
        """The conversation's events, in order, where they can be seen."""
        ...
