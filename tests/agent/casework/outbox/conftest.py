"""The same case worked at two desks: our own queue, and Chatwoot over real sockets in both directions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

import asyncpg
import pytest
import uvicorn

from agent.api.build import build_api
from agent.api.parts import ApiParts
from agent.app.demo import SHOP_ID
from agent.casework.desk.move import Person
from agent.conversation import Handoff
from agent.store.attachments import MemoryAttachments
from evals.chatwoot_server import ChatwootServer
from evals.world import Talk, World

MARTA = "Marta"
Open = Callable[..., Awaitable["OutsideDesk"]]


@dataclass(frozen=True)
class SeenCase:
    """A case as whoever works it sees it: all that was said before, and what the shopper has said since."""

    story: str
    reasons: tuple[str, ...]
    urgent: bool
    heard: tuple[str, ...]


class Bench(Protocol):
    """A desk with one person at it, Marta, and one case. ``twice``: what she does arrives two times."""

    world: World

    async def seen(self) -> list[SeenCase]: ...

    async def take(self) -> None: ...

    async def reply(self, text: str, *, twice: bool = False) -> None: ...

    async def resolve(self, *, twice: bool = False) -> None: ...

    async def give_back(self, *, twice: bool = False) -> None: ...

    async def reopen(self, *, twice: bool = False) -> None: ...


@dataclass
class OwnDesk:
    """The built-in queue."""

    world: World
    person: Person = Person(SHOP_ID, MARTA)  # noqa: RUF009  frozen
    names: int = 0

    async def seen(self) -> list[SeenCase]:
        found = []
        for handoff in await self.world.services.store.handoffs(SHOP_ID, None):
            full = await self.world.parts.desk_view.case(self.person, handoff.id)
            file = await self.world.services.store.case_file(SHOP_ID, handoff.conversation_id)
            assert file is not None
            stored = await self.world.services.store.handoff(SHOP_ID, handoff.id)
            assert stored is not None
            before = {one["id"] for one in stored.packet["transcript"]}
            since = [one.text for one in file.messages if one.who == "shopper" and one.id not in before]
            story = " ".join(one["text"] for one in full["packet"]["transcript"])
            codes = tuple(one.code for one in handoff.reasons)
            found.append(SeenCase(story, codes, handoff.priority == 1, tuple(since)))
        return found

    async def take(self) -> None:
        await self.world.parts.desk.claim(self.person, await self._id())

    async def reply(self, text: str, *, twice: bool = False) -> None:
        await self._twice(self.world.parts.desk.say, text, twice=twice, name="client_message_id")

    async def resolve(self, *, twice: bool = False) -> None:
        await self._twice(self.world.parts.desk.resolve, "solved", twice=twice)

    async def give_back(self, *, twice: bool = False) -> None:
        await self._twice(self.world.parts.desk.give_back, twice=twice)

    async def reopen(self, *, twice: bool = False) -> None:
        await self._twice(self.world.parts.desk.reopen, twice=twice)

    async def _twice(self, move: Any, *given: Any, twice: bool, name: str = "request_id") -> None:
        self.names += 1
        for _ in range(1 + twice):
            await move(self.person, await self._id(), *given, **{name: f"r{self.names}"})

    async def _id(self) -> str:
        return (await self.world.services.store.handoffs(SHOP_ID, None))[0].id


@dataclass
class OutsideDesk:
    """Chatwoot, with our service listening for its webhooks."""

    world: World
    chatwoot: ChatwootServer
    url: str = field(default="")

    async def settle(self, *, twice: bool = False) -> None:
        """Until neither side has anything to tell the other."""
        for _ in range(6):
            self.chatwoot.book.now = self.world.clock().timestamp()
            tried = await self.world.parts.outside.courier.deliver_due()
            waiting = len(self.chatwoot.book.news)
            await self.chatwoot.send_webhooks(2 if twice else 1)
            if not tried and not waiting:
                return
        raise AssertionError("the two desks go on telling each other")

    async def seen(self) -> list[SeenCase]:
        await self.settle()
        found = []
        for one in self.chatwoot.book.conversations.values():
            story = " ".join(message.text for message in one.messages if message.private)
            heard = tuple(message.text for message in one.messages if message.kind == "incoming")
            found.append(SeenCase(story, tuple(one.labels), one.priority == "urgent", heard))
        return found

    async def take(self) -> None:
        """Nobody takes a case in Chatwoot: whoever writes has it."""
        await self.settle()

    async def reply(self, text: str, *, twice: bool = False) -> None:
        await self.settle()
        self.chatwoot.book.reply(1, MARTA, text)
        await self.settle(twice=twice)

    async def resolve(self, *, twice: bool = False) -> None:
        await self._set("resolved", twice=twice)

    async def give_back(self, *, twice: bool = False) -> None:
        await self._set("pending", twice=twice)

    async def reopen(self, *, twice: bool = False) -> None:
        await self._set("open", twice=twice)

    async def _set(self, status: str, *, twice: bool) -> None:
        await self.settle()
        self.chatwoot.book.set_status(1, status, MARTA)
        await self.settle(twice=twice)

    async def handoff(self) -> Handoff:
        (handoff,) = await self.world.services.store.handoffs(SHOP_ID, None)
        return handoff

    def pass_time(self, **span: float) -> None:
        self.world.clock.pass_time(**span)


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[str]:
    """The service's HTTP side on a port of its own; the address for Chatwoot's webhooks."""
    nothing: Any = None
    parts, storing = world.parts, world.parts.storing
    api = ApiParts(
        services=parts.services,
        reception=parts.reception,
        desk=parts.desk,
        desk_view=parts.desk_view,
        keys=storing.keys,
        attachments=MemoryAttachments(),
        idempotency=storing.idempotency,
        order_events=storing.order_events,
        kpis=nothing,
        version="0",
        article_html=lambda *_: None,
        letters=storing.letters,
        chatwoot=parts.outside.door,
    )
    server = uvicorn.Server(uvicorn.Config(build_api(api), port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn tells nobody
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/v1/desks/chatwoot/webhook"
    server.should_exit = True
    await serving


@pytest.fixture
async def open_outside(make_world: Any) -> AsyncIterator[Open]:
    """Opens a service and its Chatwoot; ``server`` to be asked for instead, ``world`` to be told more."""
    async with AsyncExitStack() as stack:

        async def build(*, url: str | None = None, more: Any = None, **options: Any) -> OutsideDesk:
            server = await stack.enter_async_context(ChatwootServer())
            given = {**server.settings, "chatwoot_teams": {"grave": 4}, "target_timeout_s": 0.4, **(more or {})}
            world = await make_world(outside=given | ({"chatwoot_url": url} if url else {}), **options)
            server.hook = await stack.enter_async_context(listening(world))
            return OutsideDesk(world, server, server.hook)

        yield build


@pytest.fixture
def own_postgres_url(postgres_url: str) -> Iterator[str]:
    """A database of this test's own: a courier delivers whatever is due in its database."""
    server = postgres_url.replace("+asyncpg", "")
    name = f"{server.rpartition('/')[2]}_{uuid4().hex[:8]}"
    asyncio.run(_run_sql(server, f'CREATE DATABASE "{name}"'))
    yield f"{postgres_url.rpartition('/')[0]}/{name}"
    asyncio.run(_run_sql(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _run_sql(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url, timeout=3)
    await connection.execute(sql)
    await connection.close()


@pytest.fixture(params=("own", "chatwoot"))
async def bench(request: pytest.FixtureRequest, make_world: Any, open_outside: Open) -> Bench:
    return OwnDesk(await make_world()) if request.param == "own" else await open_outside()


@pytest.fixture
def spoken() -> Callable[[Talk], Awaitable[list[tuple[str, str, str]]]]:
    """Who said what in the thread: ``(who, author, text)``."""

    async def read(talk: Talk) -> list[tuple[str, str, str]]:
        return [(message.who.value, message.author, message.text) for message in (await talk.file()).messages]

    return read
