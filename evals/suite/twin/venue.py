"""A case's own world in this process: its service behind HTTP, its shop, carrier, desk and clock."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.app.demo import SHOP_ID
from agent.app.thinking import Thinking
from evals.suite.agents.reception import Receiving
from evals.suite.casefile.case import Case
from evals.suite.casefile.fixture import DeskDeed, Happening, ParcelScan
from evals.suite.door import Door
from evals.suite.trajectory import Happened, RowChange, Standing, ToolRun
from evals.suite.twin.carrier import Scan, scans_between
from evals.suite.twin.desk import do_at_desk
from evals.suite.twin.edits import Edit, edit_order, retitle, set_stock
from evals.suite.twin.faults import Recorder, with_faults
from evals.suite.twin.plants import PlantedKnowledge, edit_for
from evals.suite.twin.rows import changes_between, read_rows
from evals.suite.twin.stage import Set, Stage
from evals.suite.venue import OutOfReach, Seen
from evals.world import Clock, World, open_world
from tools.shop.matching import number_key
from tools.shop.models import CustomerId
from tools.shop.port import Shop
from tools.shop.sql import create_shop_engine
from tools.shop.sql.engine import ShopEngine
from tools.shop.wire import ORDER

BEGINNING = (0, 0)


@dataclass
class Twin:
    """Implements ``Venue``. ``baseline`` are the rows as they would be if only the world had acted."""

    case: Case
    seed: int
    service: World
    set: Set
    recorder: Recorder
    door: Door
    engine: ShopEngine
    file: Path
    began: datetime
    baseline: dict[tuple[str, str], str]
    world: list[Happened] = field(default_factory=list)
    _last: dict[tuple[str, str], str] = field(default_factory=dict)
    _due: list[Happening] = field(default_factory=list)

    @property
    def now(self) -> str:
        """See ``Venue``."""
        return self.service.clock.now.isoformat()

    async def prepare(self) -> None:
        """See ``Venue``: what is to be planted in the shop is planted."""
        self._due = [one for one in self.case.fixture.world if one.after is not None]
        for plant in self.case.fixture.plants:
            if plant.place in ("article", "earlier_note"):
                continue
            order = await self._edit(plant.order, edit_for(plant))
            if plant.place == "product_title":
                await retitle(self.engine, SHOP_ID, order.lines[0].product_id, plant.text)
        self._last = read_rows(self.file)

    async def sign(self, customer: str) -> str:
        """See ``Venue``."""
        token = await self.door.shopper_token(await self.proof(customer))
        if token is None:
            raise OutOfReach(f"nobody signs for {customer}")
        return token

    async def proof(self, customer: str) -> str:
        """See ``Venue``."""
        found = await self.service.shop.customer(CustomerId(customer))
        if found is None:
            raise OutOfReach(f"fixture.customer: the shop has no {customer}")
        return found.email

    async def pass_time(self, seconds: float, after_turn: int) -> None:
        """See ``Venue``: the carrier first, then what the case has planned for that time, each at its moment."""
        since = self.service.clock.now
        until = since + timedelta(seconds=seconds)
        if self.case.fixture.carrier == "moves":
            await self._carry(since, until, after_turn)
        for one in sorted(self._due, key=lambda due: due.after.seconds if due.after else 0.0):
            at = self.began + timedelta(seconds=one.after.seconds if one.after else 0.0)
            if at <= until:
                self._due.remove(one)
                self.service.clock.now = max(at, self.service.clock.now)
                await self._do(one, after_turn)
        self.service.clock.now = until

    async def happen(self, after_turn: int) -> None:
        """See ``Venue``."""
        for one in self.case.fixture.world:
            if one.after_turn == after_turn:
                await self._do(one, after_turn)

    async def look(self, turn: dict[str, Any], said: str) -> Seen:
        """See ``Venue``."""
        file = await self.service.services.store.case_file(SHOP_ID, self.door.id)
        if file is None:
            raise LookupError(self.door.id)
        calls = [call for call in file.tool_calls if call.turn_id == turn.get("id")]
        tools = tuple(ToolRun(name=c.name, ok=c.ok, arguments=dict(c.arguments), result=c.result) for c in calls)
        head = file.conversation
        standing = Standing(level=head.identity_level, customer=head.customer_id)
        shown = json.dumps([turn.get("reply"), turn.get("cards"), [c.result for c in calls]], ensure_ascii=False)
        foreign = self.set.words.foreign(shown, standing, head.verified_orders, said)
        rows = read_rows(self.file)
        changed = changes_between(self._last, rows)
        self._last = rows
        return Seen(tools, self.recorder.taken(), changed, standing, foreign)

    async def changes(self) -> tuple[RowChange, ...]:
        """See ``Venue``."""
        return changes_between(self.baseline, read_rows(self.file))

    async def events(self) -> tuple[dict[str, Any], ...]:
        """See ``Venue``; pieces of text are left out, the whole message is there."""
        found = await self.service.services.store.events_after(SHOP_ID, self.door.id, BEGINNING, 10_000)
        return tuple(
            {"id": one.id, "type": one.type, "data": _untimed(one.data)}
            for one in found
            if one.type not in ("message.delta", "done")
        )

    async def _carry(self, since: datetime, until: datetime, after_turn: int) -> None:
        customer = self.case.fixture.customer
        orders = await self.service.shop.orders_of(CustomerId(customer), 100) if customer else ()
        for order in orders:
            for scan in scans_between(order, since, until, self.seed, self.case.fixture.exceptions):
                await self._scan(str(order.number), scan, after_turn)

    async def _scan(self, number: str, scan: Scan, after_turn: int) -> None:
        await self._edit(number, scan.on)
        self._last = read_rows(self.file)
        detail = {"order": number, "parcel": scan.parcel, "status": scan.status.value, "detail": scan.detail}
        self.world.append(Happened(after_turn=after_turn, at=scan.at.isoformat(), kind="carrier", detail=detail))

    async def _do(self, one: Happening, after_turn: int) -> None:
        if one.parcel is not None:
            await self._scan(one.parcel.order, self._planned(one.parcel), after_turn)
        elif one.stock is not None:
            await set_stock(self.engine, SHOP_ID, one.stock.variant, one.stock.stock)
            self.baseline["variant", one.stock.variant] = json.dumps({"stock": one.stock.stock})
            self._tell("stock", one.stock.model_dump(), after_turn)
        elif one.desk is not None:
            await self.at_desk(one.desk, after_turn)
        self._last = read_rows(self.file)

    async def at_desk(self, deed: DeskDeed, after_turn: int) -> None:
        """A person at the desk does that now."""
        done = await do_at_desk(self.door, deed)
        self._tell("desk", {"do": deed.do, "by": deed.by, **done}, after_turn)

    def _planned(self, parcel: ParcelScan) -> Scan:
        now = self.service.clock.now
        eta = now + timedelta(seconds=parcel.eta.seconds) if parcel.eta else None
        return Scan(parcel.parcel, parcel.status, now, parcel.detail, parcel.message, parcel.city, eta)

    def _tell(self, kind: str, detail: dict[str, Any], after_turn: int) -> None:
        self.world.append(Happened(after_turn=after_turn, at=self.now, kind=kind, detail=detail))

    async def _edit(self, number: str, edit: Edit) -> Any:
        """Change an order, and the baseline alike: it is not the service's doing."""
        _, after = await edit_order(self.engine, SHOP_ID, number, edit)
        key = ("order", number_key(number))
        self.baseline[key] = ORDER.text(edit(ORDER.read(self.baseline[key])))
        return after


@asynccontextmanager
async def open_twin(
    stage: Stage,
    case: Case,
    seed: int,
    thinking: Thinking | None = None,
    around: Callable[[Shop], Shop] = lambda shop: shop,
    receiving: Receiving | None = None,
) -> AsyncIterator[Twin]:
    """A world for one run of one case, gone afterwards.

    ``around`` wraps the order system as the service reaches it, ``receiving`` opens another reception in front of it.
    """
    sold = await stage.set_for(case.fixture)
    folder = stage.next_folder()
    sold.copy_to(folder)
    clock = Clock(case.fixture.clock)
    recorders: list[Recorder] = []

    def recorded(shop: Shop) -> Shop:
        recorders.append(Recorder(with_faults(around(shop), case.fixture.faults)))
        return recorders[0]

    planted = {one.article: one.text for one in case.fixture.plants if one.place == "article"}
    engine = create_shop_engine(f"sqlite:///{folder / 'shop.db'}")
    try:
        async with (
            open_world(
                stage.library,
                folder,
                clock,
                around=recorded,
                thinking=thinking,
                selling=sold.selling,
                knowing=lambda inner: PlantedKnowledge(inner, planted) if planted else inner,
                first_id=seed,
            ) as opened,
            _received(opened, receiving) as world,
            stage.doors.open(world, sold.data) as client,
        ):
            twin = Twin(
                case,
                seed,
                world,
                sold,
                recorders[0],
                Door(client),
                engine,
                folder / "shop.db",
                clock.now,
                dict(sold.rows),
            )
            yield twin
    finally:
        await engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def _received(world: World, receiving: Receiving | None) -> AsyncIterator[World]:
    """The world with another reception, whose last turns are waited for."""
    if receiving is None:
        yield world
        return
    reception = receiving(world.services)
    yield replace(world, parts=replace(world.parts, reception=reception))
    await reception.drain()


def _untimed(data: Any) -> Any:
    """The same without what the machine's speed decides."""
    if isinstance(data, dict):
        return {key: _untimed(value) for key, value in data.items() if key not in ("ms", "latency_ms")}
    return [_untimed(one) for one in data] if isinstance(data, list | tuple) else data
