"""A yes is to one proposal, as it was shown, in its time, by the shopper it was shown to: everything else is no yes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.casework.receiving import Reception
from agent.conversation import Action, ActionStatus, TurnKind
from agent.loop.agent import Loop
from agent.loop.brief import Said
from evals.world import Talk, World
from tests.agent.stand_ins import WithoutLlm
from tools.shop.changes import SetInstructions, Terms
from tools.shop.models import CustomerId, OrderNumber

Propose = Callable[[Talk], Awaitable[Action]]
NoteOf = Callable[[World], Awaitable[str]]

LUCIA, NOTE = "lucia-hernandez", "toca el timbre azul"


async def change_behind_their_back(world: World, text: str = "otra cosa") -> None:
    """Somebody at the shop writes to the order."""
    order = await world.order(LUCIA, "10002")
    change = SetInstructions(OrderNumber("10002"), text)
    terms = Terms(policy="2026-03-01")
    await world.shop.apply(
        CustomerId(LUCIA), change, terms, key=f"desk-{order.version}", expected_version=order.version, now=world.clock()
    )


async def test_a_proposal_changes_nothing(world: World, propose_note: Propose, note_of: NoteOf) -> None:
    action = await propose_note(await world.open(LUCIA))
    assert (action.status, action.order_number) == (ActionStatus.PROPOSED, "10002")
    assert await note_of(world) == ""


@pytest.mark.parametrize("yes", ["sí", "Sí, por favor", "dale", "ok", "yes", "sim"])
async def test_a_yes_executes_it_and_says_so(world: World, propose_note: Propose, note_of: NoteOf, yes: str) -> None:
    talk = await world.open(LUCIA)
    await propose_note(talk)
    answer = await talk.say(yes)
    (action,) = answer["actions"]
    assert (action["status"], action["receipt"]["id"]) == ("executed", action["id"])
    assert await note_of(world) == NOTE


async def test_the_button_is_a_yes_as_well(world: World, propose_note: Propose, note_of: NoteOf) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    assert (await talk.press(TurnKind.CONFIRM, action.id))["actions"][0]["status"] == "executed"
    assert await note_of(world) == NOTE


@pytest.mark.parametrize("no", ["no", "mejor no", "no gracias", "no, thanks"])
async def test_a_no_changes_nothing_and_ends_it(world: World, propose_note: Propose, note_of: NoteOf, no: str) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    answer = await talk.say(no)
    assert [one["status"] for one in answer["actions"]] == ["rejected"]
    assert (await talk.press(TurnKind.CONFIRM, action.id))["actions"] == []
    assert await note_of(world) == ""


@pytest.mark.parametrize(
    "text",
    [
        "sí pero mejor pon que dejen el paquete con la vecina",
        "sí, pero a otro pedido",
        "¿y eso cuánto cuesta?",
        "no sé",
        "¿dónde está mi pedido 10001?",
        "gracias",
        "toca el timbre azul",
        "si cambio de idea, ¿puedo deshacerlo?",
    ],
)
async def test_what_is_not_a_plain_yes_executes_nothing(
    world: World, propose_note: Propose, note_of: NoteOf, text: str
) -> None:
    talk = await world.open(LUCIA)
    await propose_note(talk)
    answer = await talk.say(text)
    assert await note_of(world) == ""
    assert all(action["status"] != "executed" for action in answer["actions"])


@pytest.mark.parametrize(
    "text", ["sí pero a otra dirección", "sí, pero a otra dirección: Calle Orizaba 50, Ciudad de México, 06700"]
)
async def test_a_yes_but_to_another_address_ends_the_proposal_that_was_shown(world: World, text: str) -> None:
    talk = await world.open("regina-solis")
    before = (await world.order("regina-solis", "10023")).address
    await talk.say("cambia la dirección del pedido 10023 a Calle Durango 180, Ciudad de México, 06700")
    first = await talk.last_action()
    await talk.say(text)
    refused = await talk.press(TurnKind.CONFIRM, first.id)
    assert refused["reply"]["text"].startswith("Eso ya no se puede hacer")
    assert (await world.order("regina-solis", "10023")).address == before


class AsksSomethingElse(WithoutLlm):
    """A loop whose replies ask about nothing that waits for a yes."""

    def __init__(self, loop: Loop) -> None:
        self.repair, self.retell = loop.repair, loop.retell

    async def run(self, *_: object) -> Said:
        return Said("¿Te ayudo con otra cosa?")


async def test_a_yes_to_another_question_is_no_consent(world: World, propose_note: Propose, note_of: NoteOf) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    services = replace(world.services, loop=AsksSomethingElse(world.services.loop))  # type: ignore[arg-type]
    elsewhere = replace(world, parts=replace(world.parts, reception=Reception(services)))
    await talk.say("¿qué más haces?", at=elsewhere)
    await talk.say("sí", at=elsewhere)
    assert await note_of(world) == ""
    await talk.press(TurnKind.CONFIRM, action.id)
    assert await note_of(world) == NOTE, "the button still names what it is a yes to"


@pytest.mark.parametrize("text", ["sí pero mejor otra nota", "yes, but another note", "sim, mas com outro recado"])
async def test_a_yes_but_ends_the_proposal_whatever_the_model_makes_of_it(
    world: World, propose_note: Propose, note_of: NoteOf, text: str
) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    services = replace(world.services, loop=AsksSomethingElse(world.services.loop))  # type: ignore[arg-type]
    await talk.say(text, at=replace(world, parts=replace(world.parts, reception=Reception(services))))
    assert (await talk.last_action()).status is ActionStatus.EXPIRED
    await talk.press(TurnKind.CONFIRM, action.id)
    assert await note_of(world) == ""


async def test_a_yes_before_anything_was_proposed_does_nothing(world: World) -> None:
    talk = await world.open(LUCIA)
    answer = await talk.say("sí")
    assert answer["actions"] == []


async def test_a_second_yes_gets_the_receipt_again_and_writes_nothing(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    first = await talk.press(TurnKind.CONFIRM, action.id)
    version = (await world.order(LUCIA, "10002")).version
    again = await talk.press(TurnKind.CONFIRM, action.id)
    assert again["reply"]["text"].split("\n")[0] == first["reply"]["text"].split("\n")[0]
    assert (await world.order(LUCIA, "10002")).version == version


async def test_an_order_that_changed_in_between_is_shown_again_instead(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    await change_behind_their_back(world)
    answer = await talk.say("sí")
    assert answer["reply"]["text"].startswith("Tu pedido cambió")
    assert await note_of(world) == "otra cosa"
    fresh = await talk.last_action()
    assert (fresh.id != action.id, fresh.status) == (True, ActionStatus.PROPOSED)
    await talk.say("sí")
    assert await note_of(world) == NOTE


@pytest.mark.parametrize("by_button", [True, False])
async def test_a_yes_after_its_time_executes_nothing(
    world: World, propose_note: Propose, note_of: NoteOf, by_button: bool
) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    world.clock.pass_time(minutes=15, seconds=1)
    answer = await (talk.press(TurnKind.CONFIRM, action.id) if by_button else talk.say("sí"))
    assert await note_of(world) == ""
    assert {one.id: one.status for one in (await talk.file()).actions}[action.id] is ActionStatus.EXPIRED
    if by_button:
        assert answer["reply"]["text"].startswith("Esa propuesta ya venció")


async def test_a_yes_in_the_last_second_counts(world: World, propose_note: Propose, note_of: NoteOf) -> None:
    talk = await world.open(LUCIA)
    await propose_note(talk)
    world.clock.pass_time(minutes=15)
    await talk.say("sí")
    assert await note_of(world) == NOTE


async def test_a_newer_proposal_takes_the_place_of_the_older_one(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open(LUCIA)
    old = await propose_note(talk)
    await talk.say("no, mejor manda el pedido 10002 a un punto de retiro")
    await talk.say("el primero")
    new = await talk.last_action()
    assert (new.kind, new.status) == ("change_pickup", ActionStatus.PROPOSED)
    refused = await talk.press(TurnKind.CONFIRM, old.id)
    assert refused["reply"]["text"].startswith("Eso ya no se puede hacer")
    assert await note_of(world) == ""
    await talk.press(TurnKind.CONFIRM, new.id)
    assert (await world.order(LUCIA, "10002")).delivery.pickup_point is not None
    assert await note_of(world) == ""


@pytest.mark.parametrize("stranger", ["", "emma-clark", LUCIA])
async def test_an_action_of_another_conversation_is_unknown_here(
    world: World, propose_note: Propose, note_of: NoteOf, stranger: str
) -> None:
    action = await propose_note(await world.open(LUCIA))
    here = await world.open(stranger)
    for kind in (TurnKind.CONFIRM, TurnKind.REJECT, TurnKind.UNDO):
        assert (await here.press(kind, action.id))["actions"] == []
    assert await note_of(world) == ""


async def test_an_action_swapped_between_customers_is_refused_by_the_shop_side_too(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    """Even a store that was tampered with: the proposal names its customer, the conversation another one."""
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    head = (await talk.file()).conversation
    stolen = replace(head, customer_id="emma-clark")
    world.services.store._cases[head.id].head = stolen  # type: ignore[attr-defined]
    answer = await talk.press(TurnKind.CONFIRM, action.id)
    assert [one["status"] for one in answer["actions"]] == ["failed"]
    assert await note_of(world) == ""


async def test_text_and_button_at_once_execute_once(make_world: Any, propose_note: Propose, note_of: NoteOf) -> None:
    world = await make_world(store="sqlite")
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    version = (await world.order(LUCIA, "10002")).version
    await asyncio.gather(talk.say("sí"), talk.press(TurnKind.CONFIRM, action.id))
    assert (await world.order(LUCIA, "10002")).version == version + 1


async def test_undo_puts_back_what_was_there(world: World, propose_note: Propose, note_of: NoteOf) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    await talk.say("sí")
    answer = await talk.press(TurnKind.UNDO, action.id)
    assert answer["reply"]["text"].startswith("Deshecho")
    assert [one["status"] for one in answer["actions"]] == ["undone"]
    assert await note_of(world) == ""


async def test_undo_twice_undoes_once(world: World, propose_note: Propose) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    await talk.say("sí")
    await talk.press(TurnKind.UNDO, action.id)
    version = (await world.order(LUCIA, "10002")).version
    assert "ya estaba deshecho" in (await talk.press(TurnKind.UNDO, action.id))["reply"]["text"]
    assert (await world.order(LUCIA, "10002")).version == version


async def test_undo_after_its_time_is_refused_with_the_truth(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    await talk.say("sí")
    world.clock.pass_time(minutes=30, seconds=1)
    answer = await talk.press(TurnKind.UNDO, action.id)
    assert answer["reply"]["text"].startswith("Ya pasó el tiempo")
    assert await note_of(world) == NOTE


async def test_undo_of_what_somebody_changed_since_is_refused(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    await talk.say("sí")
    await change_behind_their_back(world)
    answer = await talk.press(TurnKind.UNDO, action.id)
    assert "cambió después" in answer["reply"]["text"]
    assert await note_of(world) == "otra cosa"


async def test_undo_of_a_proposal_that_was_never_executed_is_refused(world: World, propose_note: Propose) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    answer = await talk.press(TurnKind.UNDO, action.id)
    assert answer["reply"]["text"].startswith("Eso ya no se puede hacer")
    assert (await talk.last_action()).status is ActionStatus.PROPOSED
