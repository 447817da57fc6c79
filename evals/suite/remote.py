"""A service at some URL: its clock is its own, and of its shop only a demo shows more than the conversation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from evals.suite.casefile.case import Case
from evals.suite.casefile.fixture import DeskDeed
from evals.suite.door import Door, Unreachable
from evals.suite.private_words import SIGNED_IN, PrivateWords
from evals.suite.trajectory import Happened, RowChange, Standing
from evals.suite.twin.desk import do_at_desk
from evals.suite.twin.rows import Rows, changes_between, rows_of
from evals.suite.venue import OutOfReach, Seen
from tools.shop.data import ShopData
from tools.shop.demo import demo_customers


@dataclass
class Remote:
    """Implements ``Venue`` as far as the HTTP API goes: what a target does not show stays unseen.

    A demo (``postventa serve --demo``) shows its shop and has it put back before each case. Its day has to be the case's:
    ``--now`` sets it.
    """

    case: Case
    door: Door
    now: str = ""
    world: list[Happened] = field(default_factory=list)
    _words: PrivateWords | None = None
    _first: Rows | None = None
    _last: Rows = field(default_factory=dict)

    async def prepare(self) -> None:
        """Look at the shop, and put it back. Raises ``OutOfReach`` when the case needs a world of its own."""
        missing = list(self._missing())
        if missing:
            raise OutOfReach(f"needs {', '.join(missing)}")
        shown = await self.door.demo_shop()
        if shown is None:
            return
        at, shop = shown
        wanted, there = (one.astimezone(ZoneInfo(shop.zone)).date() for one in (self.case.fixture.clock, at))
        if wanted != there:
            raise OutOfReach(f"needs {wanted}, and there it is {there} (postventa serve --demo --now)")
        await self.door.put_demo_shop_back()
        shop = await self._shop()
        self._words, self._first = PrivateWords(shop), rows_of(shop)
        self._last = self._first

    def _missing(self) -> Sequence[str]:
        fixture = self.case.fixture
        needs = {
            "another shop": fixture.shop != "demo",
            "a clock": fixture.clock != type(fixture).model_fields["clock"].default,
            "faults": bool(fixture.faults),
            "planted text": any(one.place != "earlier_note" for one in fixture.plants),
            "a world that moves": any(one.desk is None or one.after is not None for one in fixture.world),
        }
        return [name for name, needed in needs.items() if needed]

    async def sign(self, customer: str) -> str:
        """See ``Venue``; the demo signs for its customers."""
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
        """See ``Venue``. Of other people's words only those in replies and cards are found: what tools answered is not shown."""
        standing = Standing(level=int((await self.door.state())["identity_level"]))
        if self._words is None:
            return Seen(None, None, None, standing, None)
        rows = rows_of(await self._shop())
        changed, self._last = changes_between(self._last, rows), rows
        return Seen(None, None, changed, standing, self._foreign(turn, standing, said))

    async def changes(self) -> tuple[RowChange, ...] | None:
        """See ``Venue``."""
        return None if self._first is None else changes_between(self._first, self._last)

    async def events(self) -> tuple[dict[str, Any], ...]:
        """See ``Venue``."""
        return ()

    def _foreign(self, turn: Mapping[str, Any], standing: Standing, said: str) -> tuple[str, ...]:
        """The target does not say for whom it takes the shopper: once they proved anything, for who they are."""
        whole = Standing(level=SIGNED_IN, customer=self.case.fixture.customer) if standing.level else standing
        shown = json.dumps([turn.get("reply"), turn.get("cards")], ensure_ascii=False)
        return self._words.foreign(shown, whole, (), said) if self._words else ()

    async def _shop(self) -> ShopData:
        shown = await self.door.demo_shop()
        if shown is None:
            raise Unreachable("the demo's shop is not shown any more")
        return shown[1]
