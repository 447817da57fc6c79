"""What happens in a conversation is told outside once, as it was stored, whichever store and however many replicas."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from agent.app.demo import SHOP_ID
from agent.app.outside import routes_of
from agent.casework.desk.move import Person
from agent.casework.outbox.letters import LetterStatus
from agent.errors import Misconfigured
from agent.settings import Settings
from evals.chatwoot_server import ChatwootServer, Fault

KEY = "whsec_" + base64.b64encode(b"a secret for webhooks, of 24 bytes at least").decode()
ALMA = Person(SHOP_ID, "Alma", "lead")
PERSON = "quiero hablar con una persona"
"""What a shopper says to get one."""


class Receiver:
    """The shop's own back end: keeps every event it is sent."""

    def __init__(self) -> None:
        self.port = 0
        self.events: list[Any] = []
        self.down = False

    def target(self, **more: Any) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.port}/hook"
        return {"webhooks": [{"name": "crm", "url": url, "secrets": [KEY], **more}]}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            headers = {k.lower(): v.strip() for k, _, v in (row.partition(":") for row in head.split("\r\n")[1:])}
            body = await reader.readexactly(int(headers["content-length"]))
            if not self.down:
                self.events.append(json.loads(body))
            answer = "503 Service Unavailable" if self.down else "204 No Content"
            writer.write(f"HTTP/1.1 {answer}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()


def types(receiver: Receiver) -> list[str]:
    return [event["type"].removeprefix("com.postventa.") for event in receiver.events]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kept_in(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("own_postgres_url") if request.param == "postgresql" else request.param)


async def test_a_whole_case_is_told(kept_in: str, make_world: Any, receiver: Receiver) -> None:
    world = await make_world(store=kept_in, outside=receiver.target())
    talk = await world.open("lucia-hernandez")
    await talk.say(PERSON)
    (handoff,) = await world.services.store.handoffs(SHOP_ID, "queued")
    await world.parts.desk.claim(ALMA, handoff.id)
    await world.parts.desk.say(ALMA, handoff.id, "Hola, soy Alma.")
    await world.parts.desk.note(ALMA, handoff.id, "ya llamé al transportista")
    await world.parts.desk.resolve(ALMA, handoff.id, "solved")
    await world.parts.outside.courier.deliver_due()
    assert sorted(types(receiver)) == sorted(
        [
            "shopper.message",
            "handoff.queued",
            "message.completed",
            "handoff.claimed",
            "human.message",
            "note.added",
            "handoff.resolved",
            "conversation.closed",
        ]
    )
    assert len({event["id"] for event in receiver.events}) == len(receiver.events)
    assert {event["data"]["conversation_id"] for event in receiver.events} == {talk.opened.conversation.id}
    queued = next(event for event in receiver.events if event["type"].endswith("handoff.queued"))
    assert queued["data"]["handoff_id"] == handoff.id
    assert await world.parts.outside.courier.deliver_due() == 0


async def test_only_what_was_asked_for_is_told(make_world: Any, receiver: Receiver) -> None:
    world = await make_world(outside=receiver.target(events=["handoff.queued"]))
    await (await world.open("lucia-hernandez")).say(PERSON)
    await world.parts.outside.courier.deliver_due()
    assert types(receiver) == ["handoff.queued"]


async def test_another_shops_target_hears_nothing(make_world: Any, receiver: Receiver) -> None:
    world = await make_world(outside=receiver.target(shop="another"))
    await (await world.open("lucia-hernandez")).say(PERSON)
    assert await world.parts.outside.courier.deliver_due() == 0
    assert await world.parts.storing.letters.letters(SHOP_ID, None) == []


async def test_an_executed_action_is_told(make_world: Any, receiver: Receiver, propose_note: Any) -> None:
    world = await make_world(outside=receiver.target())
    talk = await world.open("lucia-hernandez")
    await propose_note(talk)
    await talk.say("sí")
    await world.parts.outside.courier.deliver_due()
    (done,) = [event for event in receiver.events if event["type"] == "com.postventa.action.executed"]
    assert done["data"]["order"] == "10002"


async def test_while_it_is_down_nothing_is_lost(make_world: Any, receiver: Receiver) -> None:
    world = await make_world(outside=receiver.target(events=["handoff.queued"]))
    receiver.down = True
    await (await world.open("lucia-hernandez")).say(PERSON)
    for _ in range(3):
        await world.parts.outside.courier.deliver_due()
        world.clock.pass_time(hours=1)
    receiver.down = False
    await world.parts.outside.courier.deliver_due()
    assert types(receiver) == ["handoff.queued"]
    (kept,) = await world.parts.storing.letters.letters(SHOP_ID, LetterStatus.DELIVERED)
    assert kept.attempts == 4


async def test_replicas_that_deliver_at_once_make_one_case(own_postgres_url: str, make_world: Any) -> None:
    async with ChatwootServer() as chatwoot:
        given = {**chatwoot.settings, "target_timeout_s": 5.0}
        worlds = [await make_world(store=own_postgres_url, outside=given, name=name) for name in "abc"]
        talks = [await worlds[0].open("lucia-hernandez") for _ in range(6)]
        for talk in talks:
            await talk.say(PERSON)
            await talk.say("es el pedido 10002")
            await talk.say("llegó roto")

        async def deliver(world: Any) -> int:
            tried = 0
            for _ in range(12):
                tried += await world.parts.outside.courier.deliver_due()
            return tried

        assert sum(await asyncio.gather(*map(deliver, worlds))) == 18
        assert len(chatwoot.book.conversations) == 6
        for one in chatwoot.book.conversations.values():
            heard = [message.text for message in one.messages if message.kind == "incoming"]
            assert heard == ["es el pedido 10002", "llegó roto"]
        assert len({one.values["source_id"] for one in chatwoot.book.conversations.values()}) == 6


async def test_a_replica_that_dies_while_it_delivers_is_followed_by_another(make_world: Any, tmp_path: Any) -> None:
    async with ChatwootServer() as chatwoot:
        given = {**chatwoot.settings, "target_timeout_s": 20.0}
        first = await make_world(store="sqlite", outside=given, name="a")
        await (await first.open("lucia-hernandez")).say(PERSON)
        chatwoot.faults = [*[None] * 5, Fault.SILENT]
        dying = asyncio.create_task(first.parts.outside.courier.deliver_due())
        async with asyncio.timeout(10):
            while len(chatwoot.asked) < 6:  # noqa: ASYNC110  the server has no bell
                await asyncio.sleep(0.01)
        dying.cancel()
        second = await make_world(store="sqlite", outside=given, name="b", clock=first.clock)
        assert await second.parts.outside.courier.deliver_due() == 0
        first.clock.pass_time(seconds=60)
        assert await second.parts.outside.courier.deliver_due() == 1
        assert len(chatwoot.book.conversations) == 1
        (kept,) = await second.parts.storing.letters.letters(SHOP_ID, LetterStatus.DELIVERED)
        assert kept.attempts == 2


def test_two_webhooks_of_one_name_are_refused() -> None:
    one = {"name": "crm", "url": "https://shop.example/hook", "secrets": [KEY]}
    with pytest.raises(Misconfigured, match="POSTVENTA_WEBHOOKS"):
        routes_of(Settings(webhooks=[one, one]), ["main"])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"webhooks": [{"name": "crm", "url": "https://shop.example/", "secrets": ["short"]}]}, "POSTVENTA_WEBHOOKS"),
        ({"chatwoot_url": "http://127.0.0.1:1"}, "POSTVENTA_CHATWOOT_URL"),
    ],
)
async def test_half_a_configuration_is_refused_by_name(make_world: Any, given: Any, named: str) -> None:
    with pytest.raises(Misconfigured, match=named):
        await make_world(outside=given)
