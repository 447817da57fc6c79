"""A service at some URL: its clock, shop and desk are its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evals.suite.casefile.case import Case
from evals.suite.casefile.fixture import DeskDeed
from evals.suite.door import Door, Unreachable
from evals.suite.trajectory import Happened, RowChange, Standing
from evals.suite.twin.desk import do_at_desk
from evals.suite.venue import OutOfReach, Seen
from tools.shop.demo import demo_customers


@dataclass
class Remote:
    """Implements ``Venue`` as far as the HTTP API goes: what a target does not show stays unseen."""

    case: Case
    door: Door
    now: str = ""
    world: list[Happened] = field(default_factory=list)

    def require(self) -> None:
        """Raises ``OutOfReach`` when the case needs a world of its own."""
        fixture = self.case.fixture
        needs = {
            "another shop": fixture.shop != "demo",
            "a clock": fixture.clock != type(fixture).model_fields["clock"].default,
            "faults": bool(fixture.faults),
            "planted text": any(one.place != "earlier_note" for one in fixture.plants),
            "a world that moves": any(one.desk is None or one.after is not None for one in fixture.world),
        }
        missing = [name for name, needed in needs.items() if needed]
        if missing:
            raise OutOfReach(f"needs {', '.join(missing)}")

    async def sign(self, customer: str) -> str:
        """See ``Venue``; the demo signs for its customers."""
        self.require()
        token = await self.door.shopper_token(await self.proof(customer))
        if token is None:
            raise OutOfReach(f"nobody signs for {customer}")
        return token

    async def proof(self, customer: str) -> str:
        """See ``Venue``."""
        found = next((one.email for one in demo_customers() if one.id == customer), None)
        if found is None:
            raise OutOfReach(f"fixture.customer: the demo has no {customer}")
        return found

    async def pass_time(self, seconds: float, after_turn: int) -> None:
        """See ``Venue``. The pace of a talk is not waited for; a wait of the case's own is out of reach."""
        del after_turn
        if seconds > self.case.fixture.pace_s:
            raise OutOfReach("needs time to pass")

    async def happen(self, after_turn: int) -> None:
        """See ``Venue``."""
        self.require()
        for one in self.case.fixture.world:
            if one.after_turn == after_turn and one.desk is not None:
                await self.at_desk(one.desk, after_turn)

    async def at_desk(self, deed: DeskDeed, after_turn: int) -> None:
        """See ``Venue``."""
        try:
            done = await do_at_desk(self.door, deed)
        except Unreachable as closed:
            raise OutOfReach(f"the desk: {closed}") from closed
        detail = {"do": deed.do, "by": deed.by, **done}
        self.world.append(Happened(after_turn=after_turn, at="", kind="desk", detail=detail))

    async def look(self, turn: dict[str, Any], said: str) -> Seen:
        """See ``Venue``."""
        del turn, said
        state = await self.door.state()
        return Seen(None, None, None, Standing(level=int(state["identity_level"])), None)

    async def changes(self) -> tuple[RowChange, ...] | None:
        """See ``Venue``."""
        return None

    async def events(self) -> tuple[dict[str, Any], ...]:
        """See ``Venue``."""
        return ()
