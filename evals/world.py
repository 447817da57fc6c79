"""A whole service on the demo shop, with time, ids and codes in hand: what tests and simulated shoppers talk to.

A ``Library`` is read once (seconds); worlds on it open in a tenth of a second. Nothing is replaced but what comes from
outside: the clock, the id source, the one-time codes, the waiting between tries.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from tenacity import wait_none

from agent.app.assembly import Parts, assemble
from agent.app.demo import POLICY, SHOP_ID
from agent.app.selling import open_knowledge, open_policy
from agent.app.storing import open_storing
from agent.app.thinking import Thinking, open_thinking
from agent.casework.front import Services, ShopperClaims, Storefront
from agent.casework.opening import Opened, open_conversation
from agent.casework.receiving import Move, Reception
from agent.conversation import Action, CaseFile, Event, Json, TurnKind
from agent.settings import Settings
from agent.spans import NO_SPANS, Spans
from agent.store.desk_cases import MemoryDeskCases
from agent.store.mail import MemoryMail
from agent.store.memory_store import MemoryStore
from knowledge.port import Knowledge
from tools.policy.engine import YamlPolicy
from tools.retrying import Retry
from tools.shop.data import ShopData
from tools.shop.demo import demo_shop
from tools.shop.demo.markets import read_shop
from tools.shop.models import CustomerId, Order
from tools.shop.port import Shop
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

FRIDAY_AFTERNOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
"""12:00 in the demo shop's zone, on a working day: people are at the desk."""


@dataclass(slots=True)
class Clock:
    """Stands still until told otherwise."""

    now: datetime = FRIDAY_AFTERNOON

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def pass_time(self, **span: float) -> None:
        """``pass_time(minutes=16)``."""
        self.now += timedelta(**span)


@dataclass(frozen=True, slots=True)
class Library:
    """What is the same for every world: articles, rules, the reader, the sentences, the loop."""

    knowledge: Knowledge
    policy: YamlPolicy
    thinking: Thinking


async def open_library(folder: Path, clock: Callable[[], datetime] = Clock()) -> Library:  # noqa: B008  it stands still
    """Ingest and train, or find it done in ``folder``."""
    settings = Settings(data_dir=folder)
    policy = open_policy(POLICY)
    return Library(await open_knowledge(settings, policy, clock), policy, open_thinking(settings))


@dataclass(frozen=True, slots=True)
class Selling:
    """Another shop than the demo's, loaded under its id into the folder's ``shop.db`` before the world opens."""

    name: str
    policy: YamlPolicy
    language: str


@dataclass(frozen=True, slots=True)
class World:
    """One service. ``shop`` is the order system itself, ``front.shop`` as the service reaches it."""

    parts: Parts
    front: Storefront
    shop: SqlShop
    clock: Clock
    mail: MemoryMail

    @property
    def services(self) -> Services:
        """The service's parts."""
        return self.parts.services

    @property
    def reception(self) -> Reception:
        """The service's entrance."""
        return self.parts.reception

    async def open(self, customer: str = "", locale: str = "es", channel: str = "web") -> Talk:
        """A conversation; signed in when a customer is named."""
        claims = ShopperClaims(customer) if customer else None
        opened = await open_conversation(self.services, SHOP_ID, locale=locale, channel=channel, claims=claims)
        return Talk(self, opened)

    async def order(self, customer: str, number: str) -> Order:
        """The order as the shop has it now. Raises ``LookupError``."""
        order = await self.shop.order_of(CustomerId(customer), number)
        if order is None:
            raise LookupError(number)
        return order

    async def last_code(self) -> str:
        """The digits of the one-time code sent last."""
        newest = (await self.mail.read_outbox(SHOP_ID, 1))[0]
        return str(re.findall(r"\d{6}", newest.text)[0])


@dataclass(frozen=True, slots=True)
class Talk:
    """A shopper in one conversation."""

    world: World
    opened: Opened

    async def say(self, text: str, client_message_id: str | None = None, at: World | None = None) -> Json:
        """The stored answer to a message; ``at`` is the replica that it reaches, the talk's own without one."""
        return await self._move(Move(TurnKind.MESSAGE, text=text, client_message_id=client_message_id), at)

    async def press(self, kind: TurnKind, action_id: str = "", at: World | None = None) -> Json:
        """The stored answer to a button."""
        return await self._move(Move(kind, action_id=action_id), at)

    async def file(self) -> CaseFile:
        """All that is stored. Raises ``LookupError`` once erased."""
        found = await self.world.services.store.case_file(SHOP_ID, self.opened.conversation.id)
        if found is None:
            raise LookupError(self.opened.conversation.id)
        return found

    async def events(self) -> Sequence[Event]:
        """All that is stored of what happened, in order."""
        return await self.world.services.store.events_after(SHOP_ID, self.opened.conversation.id, (0, 0))

    async def last_action(self) -> Action:
        """The newest proposal, whatever became of it. Raises ``IndexError`` when there was none."""
        return (await self.file()).actions[-1]

    async def _move(self, move: Move, at: World | None) -> Json:
        world = at or self.world
        found = await world.services.store.find(SHOP_ID, self.opened.conversation.id)
        if found is None:
            raise LookupError(self.opened.conversation.id)
        return await world.reception.receive(found[0], move)


@asynccontextmanager
async def open_world(
    library: Library,
    folder: Path,
    clock: Clock | None = None,
    *,
    store: str = "memory",
    around: Callable[[Shop], Shop] = lambda shop: shop,
    thinking: Thinking | None = None,
    name: str = "a",
    lease_s: float = 20.0,
    outside: Mapping[str, Any] | None = None,
    selling: Selling | None = None,
    knowing: Callable[[Knowledge], Knowledge] = lambda knowledge: knowledge,
    spans: Spans = NO_SPANS,
    first_id: int = 1,
) -> AsyncIterator[World]:
    """Open a service and close it again.

    ``folder`` is there. ``store`` is ``memory``, ``sqlite`` (a file in ``folder``) or a PostgreSQL URL. ``around`` wraps the order system,
    to let it fail. Worlds on one folder share the shop, and on one URL the store: they are replicas, told apart by
    ``name``. ``outside`` are the settings of webhooks and help desks. ``selling`` is what is sold when it is not the demo,
    ``knowing`` wraps the articles, ``spans`` is who listens. Ids and codes are counted from ``first_id``.
    """
    clock = clock or Clock()
    minted = count(first_id)
    url = store if "://" in store else ""
    secret = SecretStr("world")
    settings = Settings(
        data_dir=folder, database_url=url, shop_id=SHOP_ID, shop_secret=secret, lease_s=lease_s, **(outside or {})
    )
    async with AsyncExitStack() as stack:
        shop = await _open_shop(folder, clock(), stack)
        sold = selling or Selling(read_shop().name, library.policy, "es")
        front = Storefront(SHOP_ID, sold.name, around(shop), sold.policy, knowing(library.knowledge), sold.language)
        storing, mail = await open_storing(settings, stack), MemoryMail()
        storing = replace(storing, mail=mail)
        if store == "memory":
            kept = MemoryStore()
            storing = replace(storing, store=kept, letters=kept.outbox, desk_cases=MemoryDeskCases(), spending=kept)
        parts = await assemble(
            settings,
            stack,
            clock=clock,
            new_id=lambda kind: f"{kind}_{name}{next(minted)}",
            new_code=lambda: f"{100000 + next(minted)}",
            retry=Retry(wait=wait_none()),
            storefronts={SHOP_ID: front},
            storing=storing,
            thinking=thinking or library.thinking,
            spans=spans,
            loopback=True,
        )
        yield World(parts, front, shop, clock, mail)


async def _open_shop(folder: Path, now: datetime, stack: AsyncExitStack) -> SqlShop:
    engine = create_shop_engine(f"sqlite:///{folder / 'shop.db'}")
    stack.push_async_callback(engine.dispose)
    await create_tables(engine)
    found = await SqlShop.open(engine, SHOP_ID)
    if found is not None:
        return found
    shop = SqlShop(engine, SHOP_ID)
    await shop.load(_demo_data(now))
    return shop


@cache
def _demo_data(now: datetime) -> ShopData:
    return demo_shop(now)
