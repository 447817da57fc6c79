"""Something breaks that nobody foresaw: the shopper hears the truth and gets a person, and the turn is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from agent.casework.receiving import Reception
from agent.conversation import Action, CaseFile, Event, Request, TurnKind
from agent.escalation.verdict import Decision
from agent.loop.agent import Loop
from agent.loop.brief import Said, TurnScope
from agent.store.bus import LocalBus
from agent.store.memory_store import MemoryStore
from evals.world import Talk, World
from tests.agent.stand_ins import WithoutLlm
from tools.shop.port import Shop

Propose = Callable[[Talk], Awaitable[Action]]
NoteOf = Callable[[World], Awaitable[str]]


class Broken:
    """An order system with a defect: a method that raises what no port allows, once it is switched on."""

    def __init__(self, inner: Shop, *methods: str, after: bool = False) -> None:
        self._inner, self._methods, self._after = inner, methods, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._inner, name)
        if name not in self._methods:
            return real

        async def breaks(*given: Any, **named: Any) -> Any:
            if self._after:
                await real(*given, **named)
            raise RuntimeError("a defect")

        return breaks


def with_shop(world: World, shop: Any) -> World:
    front = replace(world.front, shop=shop)
    services = replace(world.services, storefronts={front.id: front})
    return replace(world, front=front, parts=replace(world.parts, services=services, reception=Reception(services)))


@pytest.mark.parametrize("language", ["es", "en", "pt"])
async def test_a_defect_in_a_tool_is_admitted_and_goes_to_a_person(world: World, language: str) -> None:
    broken = with_shop(world, Broken(world.shop, "order_of", "orders_of"))
    talk = await world.open("lucia-hernandez", locale=language)
    answer = await talk.say("¿dónde está mi pedido 10002?", at=broken)
    stored = await talk.file()
    assert answer["status"] == "queued"
    assert [one["code"] for one in answer["handoff"]["reasons"]] == ["tool_outage"]
    assert answer["reply"]["text"] == stored.messages[-1].text
    assert "10002" not in answer["reply"]["text"]
    packet = (await world.services.store.handoff("demo", stored.handoffs[0].id)).packet  # type: ignore[union-attr]
    assert packet["orders"] == []
    assert [line["text"] for line in packet["transcript"]] == ["¿dónde está mi pedido 10002?"]


async def test_a_defect_in_a_write_that_went_through_is_not_called_undone(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open("lucia-hernandez")
    await propose_note(talk)
    answer = await talk.say("sí", at=with_shop(world, Broken(world.shop, "apply", after=True)))
    assert "no sé si el cambio quedó hecho" in answer["reply"]["text"]
    assert answer["status"] == "queued"
    assert await note_of(world) == "toca el timbre azul"
    assert (await talk.last_action()).failure == "unresolved"


class BreaksAfterTheYes(WithoutLlm):
    """A loop that leaves something on the agenda and cannot come back to it."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    async def run(self, scope: TurnScope, file: CaseFile, language: str) -> Said:
        if scope.told.resumed:
            raise RuntimeError("a defect")
        said = await self._loop.run(scope, file, language)
        self.repair, self.retell = self._loop.repair, self._loop.retell
        return replace(said, agenda=(*said.agenda, Request("invoice", "y la factura")))


async def test_a_defect_after_the_receipt_does_not_unsay_the_receipt(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    services = replace(world.services, loop=BreaksAfterTheYes(world.services.loop))  # type: ignore[arg-type]
    broken = replace(world, parts=replace(world.parts, services=services, reception=Reception(services)))
    talk = await broken.open("lucia-hernandez")
    action = await propose_note(talk)
    answer = await talk.press(TurnKind.CONFIRM, action.id)
    assert await note_of(world) == "toca el timbre azul"
    first, *rest = answer["reply"]["text"].split("\n\n")
    assert first.startswith("Listo")
    assert rest[0].startswith("Algo falló de nuestro lado")
    assert answer["actions"][0]["status"] == "executed"
    assert answer["status"] == "queued"


class Confused:
    """Rules with a defect."""

    def decide(self, lines: Sequence[Any], circumstances: Any) -> Decision:
        raise LookupError("a defect")


async def test_a_defect_in_the_rules_is_no_reason_to_keep_a_shopper_from_a_person(
    make_world: Any, library: Any
) -> None:
    world = await make_world(thinking=replace(library.thinking, escalation=Confused()))
    talk = await world.open("lucia-hernandez")
    answer = await talk.say("hola")
    assert answer["status"] == "queued"
    assert answer["reply"]["text"].startswith("Algo falló de nuestro lado")


class Deaf(LocalBus):
    """Event fan-out that drops everything."""

    async def publish(self, conversation_id: Any, events: Sequence[Event]) -> None:
        return None


async def test_lost_events_cost_nobody_an_answer(world: World) -> None:
    services = replace(world.services, bus=Deaf())
    deaf = replace(world, parts=replace(world.parts, services=services, reception=Reception(services)))
    talk = await world.open("lucia-hernandez")
    assert (await talk.say("hola", at=deaf))["reply"]["text"]


class Full(MemoryStore):
    """A store that takes messages but cannot keep outcomes, until there is room again."""

    def __init__(self) -> None:
        super().__init__()
        self.room = False

    async def finish(self, *given: Any, **named: Any) -> None:
        if not self.room:
            raise OSError("no space left")
        await super().finish(*given, **named)


async def test_an_answer_that_could_not_be_stored_is_made_again_later(world: World) -> None:
    store = Full()
    services = replace(world.services, store=store)
    full = replace(world, parts=replace(world.parts, services=services, reception=Reception(services)))
    talk = await full.open("lucia-hernandez")
    with pytest.raises(OSError, match="no space"):
        await talk.say("hola")
    world.clock.pass_time(seconds=21)
    assert await full.reception.finish_abandoned() == 0, "it is tried, and fails, and does not stop the service"
    store.room = True
    world.clock.pass_time(seconds=21)
    assert await full.reception.finish_abandoned() == 1
    assert [message.who.value for message in (await talk.file()).messages] == ["shopper", "agent"]


async def test_a_shopper_who_closes_the_page_does_not_stop_the_answer(world: World) -> None:
    talk = await world.open("lucia-hernandez")
    reading = asyncio.create_task(talk.say("¿dónde está mi pedido 10002?"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await world.reception.drain()
    assert [message.who.value for message in (await talk.file()).messages] == ["shopper", "agent"]
