"""The order system fails before, after and in the middle of what is asked of it: the shopper hears what is true."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.casework.receiving import Reception
from agent.conversation import Action, ActionStatus, TurnKind
from evals.world import Talk, World
from tools.retrying import Retry
from tools.shop.faults import Fault, FaultyShop, Moment
from tools.shop.port import Shop

Propose = Callable[[Talk], Awaitable[Action]]
NoteOf = Callable[[World], Awaitable[str]]

NOTE, TRIES = "toca el timbre azul", Retry().attempts


def with_shop(world: World, shop: Shop) -> World:
    front = replace(world.front, shop=shop)
    services = replace(world.services, storefronts={front.id: front})
    return replace(world, front=front, parts=replace(world.parts, services=services, reception=Reception(services)))


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
async def test_a_write_that_fails_now_and_then_is_done_once_and_said_once(
    world: World, propose_note: Propose, note_of: NoteOf, moment: Moment, call: int
) -> None:
    talk = await world.open("lucia-hernandez")
    await propose_note(talk)
    version = (await world.order("lucia-hernandez", "10002")).version
    shaky = FaultyShop(world.shop, [Fault("apply", moment, n) for n in range(1, call + 1)])
    answer = await talk.say("sí", at=with_shop(world, shaky))
    assert answer["reply"]["text"].startswith("Listo")
    assert answer["actions"][0]["status"] == "executed"
    assert await note_of(world) == NOTE
    assert (await world.order("lucia-hernandez", "10002")).version == version + 1


async def test_an_answer_lost_after_the_write_is_found_again_without_writing_again(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open("lucia-hernandez")
    await propose_note(talk)
    shaky = FaultyShop(world.shop, [Fault("apply", Moment.AFTER)])
    answer = await talk.say("sí", at=with_shop(world, shaky))
    assert answer["actions"][0]["status"] == "executed"
    assert shaky.calls["apply"] == 1
    assert await note_of(world) == NOTE


async def test_a_shop_that_was_never_reached_changed_nothing_and_the_yes_can_be_given_again(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open("lucia-hernandez")
    action = await propose_note(talk)
    shaky = FaultyShop(world.shop, [Fault("apply", Moment.BEFORE)])
    answer = await talk.say("sí", at=with_shop(world, shaky))
    assert "no se cambió nada" in answer["reply"]["text"]
    assert shaky.calls["apply"] == TRIES, "the tries are bounded"
    assert await note_of(world) == ""
    assert (await talk.last_action()).status is ActionStatus.PROPOSED
    again = await talk.press(TurnKind.CONFIRM, action.id)
    assert again["actions"][0]["status"] == "executed"
    assert await note_of(world) == NOTE


@pytest.mark.parametrize("written", [True, False])
async def test_when_nobody_can_tell_whether_it_was_written_a_person_gets_it_and_it_is_never_repeated(
    world: World, propose_note: Propose, note_of: NoteOf, written: bool
) -> None:
    talk = await world.open("lucia-hernandez")
    action = await propose_note(talk)
    moment = Moment.AFTER if written else Moment.BEFORE
    blind = [Fault("applied", Moment.BEFORE, call) for call in range(2, 20)]
    shaky = FaultyShop(world.shop, [Fault("apply", moment), *blind])
    answer = await talk.say("sí", at=with_shop(world, shaky))
    assert "no sé si el cambio quedó hecho" in answer["reply"]["text"]
    assert "Paso tu caso a una persona" in answer["reply"]["text"]
    assert answer["status"] == "queued"
    assert answer["handoff"]["reasons"][0]["code"] == "tool_outage"
    assert await note_of(world) == (NOTE if written else "")
    calls = shaky.calls["apply"]
    for again in (await talk.say("sí"), await talk.press(TurnKind.CONFIRM, action.id)):
        assert again["reply"]["text"]
    assert shaky.calls["apply"] == calls
    assert await note_of(world) == (NOTE if written else "")
    stored = await talk.last_action()
    assert (stored.status, stored.failure) == (ActionStatus.FAILED, "unresolved")


async def test_a_failed_undo_leaves_the_action_executed_and_goes_to_a_person(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open("lucia-hernandez")
    action = await propose_note(talk)
    await talk.say("sí")
    shaky = FaultyShop(world.shop, [Fault("applied")])
    answer = await talk.press(TurnKind.UNDO, action.id, at=with_shop(world, shaky))
    assert answer["handoff"]["reasons"][0]["code"] == "tool_outage"
    assert (await talk.last_action()).status is ActionStatus.EXECUTED
    assert await note_of(world) == NOTE


async def test_a_shop_that_says_no_to_the_write_is_quoted_and_nothing_is_claimed(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open("lucia-hernandez")
    await propose_note(talk)
    moved = await world.open("lucia-hernandez")
    other = await propose_note(moved)
    await moved.press(TurnKind.CONFIRM, other.id)
    answer = await talk.say("sí")
    assert "ha cambiado" in answer["reply"]["text"] or "cambió" in answer["reply"]["text"]
    assert [one["status"] for one in answer["actions"]][:1] == ["expired"]


async def test_reads_that_fail_are_told_as_they_are(make_world: Any) -> None:
    world = await make_world(around=lambda shop: FaultyShop(shop, [Fault("orders_of"), Fault("order_of")]))
    talk = await world.open("lucia-hernandez")
    answer = await talk.say("¿dónde está mi pedido 10002?")
    assert "no me responde" in answer["reply"]["text"]
    assert any(not tool["ok"] for tool in answer["tools"])


async def test_a_shop_that_is_away_from_the_first_moment_takes_no_conversation_down(make_world: Any) -> None:
    methods = ("customer", "customer_with_email", "order_of", "orders_of", "identify")
    world = await make_world(around=lambda shop: FaultyShop(shop, [Fault(method) for method in methods]))
    talk = await world.open("lucia-hernandez")
    assert (await talk.say("hola"))["reply"]["text"]
    answer = await talk.say("quiero hablar con una persona")
    assert answer["status"] == "queued"


async def test_a_shopper_who_signed_in_while_the_shop_was_away_is_known_once_it_is_back(world: World) -> None:
    away = with_shop(world, FaultyShop(world.shop, [Fault("customer")]))
    talk = await away.open("lucia-hernandez")
    assert (await talk.file()).conversation.identity_level == 0
    await talk.say("hola", at=away)
    assert (await talk.file()).conversation.identity_level == 0
    await talk.say("¿dónde está mi pedido 10002?", at=world)
    head = (await talk.file()).conversation
    assert (head.identity_level, head.customer_id) == (2, "lucia-hernandez")
    assert "unidentified" not in head.metadata
