import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import pytest

from agent.casework.ports import Bus
from agent.conversation import ConversationId, Event
from agent.store.bus import LocalBus
from agent.store.mailbox import CAPACITY
from agent.store.redis_bus import RedisBus

HERE, THERE = ConversationId("cnv_1"), ConversationId("cnv_2")
FIRST, SECOND = Event(1, 1, "turn.started", {"título": "¿Qué?"}), Event(1, 2, "done", {})
GONE = "redis://127.0.0.1:1/0"


@pytest.fixture(params=("local", "redis"))
def adapter(request: pytest.FixtureRequest) -> tuple[str, str] | None:
    if request.param == "local":
        return None
    return request.getfixturevalue("redis_url"), request.getfixturevalue("redis_prefix")


@pytest.fixture
async def bus(adapter: tuple[str, str] | None) -> AsyncIterator[Bus]:
    opened: Bus = LocalBus() if adapter is None else RedisBus(*adapter)
    yield opened
    await opened.close()


async def take(events: AsyncIterator[Event], n: int) -> list[Event]:
    async with asyncio.timeout(5):
        return [await anext(events) for _ in range(n)]


async def test_a_listener_hears_in_order(bus: Bus) -> None:
    async with bus.listen(HERE) as events:
        await bus.publish(HERE, (FIRST, SECOND))
        await bus.publish(HERE, (FIRST,))
        assert await take(events, 3) == [FIRST, SECOND, FIRST]


async def test_nobody_hears_another_conversation(bus: Bus) -> None:
    async with bus.listen(HERE) as events:
        await bus.publish(THERE, (FIRST,))
        await bus.publish(HERE, (SECOND,))
        assert await take(events, 1) == [SECOND]


async def test_every_listener_hears_everything(bus: Bus) -> None:
    async with bus.listen(HERE) as one, bus.listen(HERE) as two:
        await bus.publish(HERE, (FIRST, SECOND))
        assert await take(one, 2) == await take(two, 2) == [FIRST, SECOND]


async def test_a_listener_that_came_back_hears_what_is_new(bus: Bus) -> None:
    for event in (FIRST, SECOND):
        async with bus.listen(HERE) as events:
            await bus.publish(HERE, (event,))
            assert await take(events, 1) == [event]
        await bus.publish(HERE, (FIRST,))


async def test_listeners_come_and_go_while_others_stay(bus: Bus) -> None:
    async with bus.listen(HERE) as stays:
        async with bus.listen(HERE), bus.listen(THERE):
            pass
        await bus.publish(HERE, (FIRST,))
        assert await take(stays, 1) == [FIRST]


async def test_a_listener_far_behind_loses_the_oldest(bus: Bus) -> None:
    events = [Event(1, n, "tick", {}) for n in range(CAPACITY + 5)]
    async with bus.listen(HERE) as late, bus.listen(HERE) as keen:
        for event in events:
            await bus.publish(HERE, (event,))
            await take(keen, 1)
        assert await take(late, CAPACITY) == events[5:]


async def test_publishing_nothing_is_nothing(bus: Bus) -> None:
    async with bus.listen(HERE) as events:
        await bus.publish(HERE, ())
        await bus.publish(HERE, (FIRST,))
        assert await take(events, 1) == [FIRST]


async def test_closing_the_bus_ends_listening(bus: Bus) -> None:
    async with bus.listen(HERE) as events:
        await bus.publish(HERE, (FIRST,))
        await take(events, 1)
        await bus.close()
        assert [event async for event in events] == []


async def test_two_processes_hear_each_other(redis_url: str, redis_prefix: str) -> None:
    one, two = RedisBus(redis_url, redis_prefix), RedisBus(redis_url, redis_prefix)
    async with one.listen(HERE) as events:
        await two.publish(HERE, (FIRST,))
        assert await take(events, 1) == [FIRST]
    await one.close()
    await two.close()


async def test_two_prefixes_do_not_meet(redis_url: str, redis_prefix: str) -> None:
    one, two = RedisBus(redis_url, redis_prefix), RedisBus(redis_url, f"{redis_prefix}-2")
    async with one.listen(HERE) as events:
        await two.publish(HERE, (FIRST,))
        await one.publish(HERE, (SECOND,))
        assert await take(events, 1) == [SECOND]
    await one.close()
    await two.close()


class Wire:
    """A way to Redis that can be cut."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._ends: list[asyncio.StreamWriter] = []

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[str]:
        async with await asyncio.start_server(self._join, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            yield self._to._replace(netloc=f"127.0.0.1:{port}").geturl()
            self.cut()

    def cut(self) -> None:
        """Every connection there is now; new ones are made as before."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._to.hostname, self._to.port)
        self._ends += [writer, back]
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(4096):
            writer.write(data)


async def test_a_lost_connection_is_made_again(redis_url: str, redis_prefix: str) -> None:
    wire, other = Wire(redis_url), RedisBus(redis_url, redis_prefix)
    async with wire.laid() as url:
        bus = RedisBus(url, redis_prefix)
        async with bus.listen(HERE) as events:
            wire.cut()
            heard = asyncio.create_task(take(events, 1))
            while not heard.done():
                await other.publish(HERE, (FIRST,))
                await asyncio.wait({heard}, timeout=0.05)
            assert heard.result() == [FIRST]
        await bus.close()
    await other.close()


async def test_without_redis_publishing_and_listening_do_not_fail() -> None:
    bus = RedisBus(GONE)
    await bus.publish(HERE, (FIRST,))
    async with bus.listen(HERE):
        pass
    await bus.close()
