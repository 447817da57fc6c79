"""A person gets the case with all there is to know, and the shopper hears of it exactly when it is so."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.casework.front import Services
from agent.casework.receiving import Reception
from agent.conversation import Action, Handoff, HandoffStatus, Status, TurnKind
from evals.world import Clock, Talk, World
from tests.agent.stand_ins import WithoutLlm
from tools.shop.faults import Fault, FaultyShop

Propose = Callable[[Talk], Awaitable[Action]]
NoteOf = Callable[[World], Awaitable[str]]

LUCIA = "lucia-hernandez"
ASKS = {"es": "quiero hablar con una persona", "en": "I want to talk to a person", "pt": "quero falar com uma pessoa"}
TOLD = re.compile(
    r"te paso con una persona|I'm passing you to a person|vou te passar|passo você|te passo|uma pessoa da equipe"
)


async def stored_handoff(talk: Talk) -> Handoff:
    (kept,) = (await talk.file()).handoffs
    found = await talk.world.services.store.handoff("demo", kept.id)
    assert found is not None
    return found


class NoModel(WithoutLlm):
    """Breaks the test when a model is asked."""

    async def run(self, *_: object) -> None:
        pytest.fail("a model was asked")


def without_model(world: World) -> World:
    services = replace(world.services, loop=NoModel())  # type: ignore[arg-type]
    return replace(world, parts=replace(world.parts, services=services, reception=Reception(services)))


@pytest.mark.parametrize("language", ["es", "en", "pt"])
async def test_whoever_asks_for_a_person_has_one_coming_without_a_model(world: World, language: str) -> None:
    talk = await world.open(LUCIA, locale=language)
    answer = await talk.say(ASKS[language], at=without_model(world))
    assert TOLD.search(answer["reply"]["text"]), answer["reply"]["text"]
    assert (answer["status"], answer["handoff"]["status"]) == ("queued", "queued")
    kept = await stored_handoff(talk)
    assert (kept.status, kept.language) == (HandoffStatus.QUEUED, language)
    assert (await talk.file()).conversation.status is Status.QUEUED
    assert kept.reasons[0].message_id == (await talk.file()).messages[0].id


async def test_the_button_asks_for_a_person_too(world: World) -> None:
    talk = await world.open(LUCIA)
    answer = await talk.press(TurnKind.HANDOFF, at=without_model(world))
    assert answer["handoff"]["reasons"] == [{"code": "human_request", "detail": "button", "message_id": ""}]
    assert TOLD.search(answer["reply"]["text"])


@pytest.mark.parametrize(
    "text",
    ["hola", "¿dónde está mi pedido 10002?", "quiero devolver el 10001", "un humano, por favor", "eres un robot?"],
)
async def test_the_reply_says_passed_on_exactly_when_a_case_was_made(world: World, text: str) -> None:
    talk = await world.open(LUCIA)
    answer = await talk.say(text)
    made = len((await talk.file()).handoffs)
    assert bool(TOLD.search(answer["reply"]["text"])) == bool(made), answer["reply"]["text"]
    assert bool(answer["handoff"]) == bool(made)


async def test_asking_twice_makes_one_case(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.press(TurnKind.HANDOFF)
    answer = await talk.press(TurnKind.HANDOFF)
    assert "ya está con el equipo" in answer["reply"]["text"]
    assert len((await talk.file()).handoffs) == 1


async def test_the_packet_holds_all_that_was_said_found_and_done(world: World, propose_note: Propose) -> None:
    talk = await world.open(LUCIA)
    done = await propose_note(talk)
    await talk.say("sí")
    await talk.say("¿dónde está mi pedido 10001? mi teléfono es 55 4812 0937")
    await talk.say("quiero hablar con una persona ya")
    packet, file = (await stored_handoff(talk)).packet, await talk.file()
    said = [message for message in file.messages if message.id in {line["id"] for line in packet["transcript"]}]
    assert [line["text"] for line in packet["transcript"]] == [message.text for message in said]
    assert packet["transcript"][-1]["text"] == "quiero hablar con una persona ya"
    assert (packet["customer"], packet["identity_level"], packet["language"]) == (LUCIA, 2, "es")
    messages = {message.id for message in file.messages}
    assert packet["facts"]
    assert all(fact["message_id"] in messages for fact in packet["facts"])
    assert {fact["value"] for fact in packet["facts"]} >= {"10002", "10001"}
    assert {order["number"] for order in packet["orders"]} == {"10001", "10002"}
    assert [(one["id"], one["status"]) for one in packet["actions"]] == [(done.id, "executed")]
    assert packet["reasons"][0]["code"] == "human_request"
    assert packet["tools"]
    assert any("10001" in line for line in packet["summary"])
    assert 1 <= len(packet["summary"]) <= 8


async def test_the_packet_of_a_stranger_holds_no_order(world: World) -> None:
    talk = await world.open()
    await talk.say("¿dónde está mi pedido 10002?")
    await talk.press(TurnKind.HANDOFF)
    packet = (await stored_handoff(talk)).packet
    assert packet["orders"] == []
    assert packet["customer"] is None


async def test_a_person_is_called_although_the_order_system_is_away(make_world: Any) -> None:
    methods = ("customer", "order_of", "orders_of")
    world = await make_world(around=lambda shop: FaultyShop(shop, [Fault(method, call=None) for method in methods]))
    talk = await world.open(LUCIA)
    await talk.say("¿dónde está mi pedido 10002?")
    answer = await talk.say("pásame con una persona")
    assert answer["status"] == "queued"
    assert (await stored_handoff(talk)).packet["orders"] == []


async def test_while_the_case_waits_what_is_said_is_noted_and_no_model_answers(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.press(TurnKind.HANDOFF)
    answer = await talk.say("es sobre el pedido 10002", at=without_model(world))
    assert answer["status"] == "queued"
    assert "caso" in answer["reply"]["text"]
    assert {fact.value for fact in (await talk.file()).conversation.facts} >= {"10002"}


async def test_while_a_person_writes_the_agent_is_silent(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.press(TurnKind.HANDOFF)
    await take_over(world, talk)
    answer = await talk.say("¿dónde está mi pedido 10002?", at=without_model(world))
    assert (answer["reply"], answer["status"], answer["actions"]) == (None, "human", [])
    assert [message.who.value for message in (await talk.file()).messages][-1] == "shopper"


async def test_a_button_still_works_while_the_case_waits_and_no_model_is_asked(
    world: World, propose_note: Propose, note_of: NoteOf
) -> None:
    talk = await world.open(LUCIA)
    action = await propose_note(talk)
    await talk.press(TurnKind.HANDOFF)
    answer = await talk.press(TurnKind.CONFIRM, action.id, at=without_model(world))
    assert answer["reply"]["text"].startswith("Listo")
    assert "\n" not in answer["reply"]["text"], "the receipt and nothing else: the rest is for the person"
    assert answer["status"] == "queued"
    assert await note_of(world) == "toca el timbre azul"


async def test_whoever_would_rather_not_wait_is_back_with_the_agent(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.press(TurnKind.HANDOFF)
    answer = await talk.say("no, mejor no")
    assert (answer["status"], answer["handoff"]["status"]) == ("bot", "returned")
    assert (await stored_handoff(talk)).outcome == "declined"
    after = await talk.say("¿dónde está mi pedido 10002?")
    assert "10002" in after["reply"]["text"]
    assert after["handoff"] is None


@pytest.mark.parametrize("word", ["abogado", "humo", "estafa"])
async def test_a_grave_case_stays_with_people_whatever_the_shopper_prefers(world: World, word: str) -> None:
    talk = await world.open(LUCIA)
    await talk.say(f"esto es de {word}")
    answer = await talk.say("no, mejor no")
    assert (answer["status"], answer["handoff"]["status"]) == ("queued", "queued")


async def test_a_case_that_turns_out_grave_while_it_waits_moves_up(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.press(TurnKind.HANDOFF)
    answer = await talk.say("además el cargador echa humo")
    kept = await stored_handoff(talk)
    assert (kept.queue, kept.priority) == ("grave", 1)
    assert [reason.code for reason in kept.reasons] == ["safety", "human_request"]
    assert "deja de usar el producto" in answer["reply"]["text"]
    assert kept.packet["transcript"] == []
    assert (await talk.say("no, mejor no"))["status"] == "queued"


@pytest.mark.parametrize(
    ("now", "promised", "said"),
    [
        (datetime(2026, 11, 20, 18, 0, tzinfo=UTC), datetime(2026, 11, 20, 18, 3, tzinfo=UTC), "unos 3 minutos"),
        (datetime(2026, 11, 21, 1, 0, tzinfo=UTC), datetime(2026, 11, 21, 16, 3, tzinfo=UTC), "sábado 21"),
        (datetime(2026, 11, 21, 20, 0, tzinfo=UTC), datetime(2026, 11, 23, 15, 3, tzinfo=UTC), "lunes 23"),
        (datetime(2026, 11, 22, 18, 0, tzinfo=UTC), datetime(2026, 11, 23, 15, 3, tzinfo=UTC), "lunes 23"),
        (datetime(2026, 11, 23, 14, 59, tzinfo=UTC), datetime(2026, 11, 23, 15, 3, tzinfo=UTC), "9:00"),
        (datetime(2026, 11, 24, 0, 59, tzinfo=UTC), datetime(2026, 11, 24, 1, 2, tzinfo=UTC), "unos 3 minutos"),
    ],
    ids=["friday noon", "friday evening", "saturday afternoon", "sunday", "a minute before opening", "the last minute"],
)
async def test_the_promised_time_is_one_at_which_somebody_is_there(
    make_world: Any, now: datetime, promised: datetime, said: str
) -> None:
    world = await make_world(clock=Clock(now))
    talk = await world.open(LUCIA)
    answer = await talk.press(TurnKind.HANDOFF)
    assert datetime.fromisoformat(answer["handoff"]["promised_by"]) == promised
    assert answer["handoff"]["expected_wait_s"] is None, "nothing is known yet of how fast the desk is"
    assert said in answer["reply"]["text"]


async def test_each_case_is_told_its_own_place_in_the_queue(world: World) -> None:
    places = []
    for _ in range(3):
        talk = await world.open(LUCIA)
        places.append((await talk.press(TurnKind.HANDOFF))["handoff"]["position"])
        world.clock.pass_time(seconds=1)
    assert places == [1, 2, 3]
    graver = await world.open(LUCIA)
    assert (await graver.say("esto es de abogado"))["handoff"]["position"] == 1


async def take_over(world: World, talk: Talk) -> None:
    """Somebody at the desk takes the case."""
    services: Services = world.services
    found = await services.store.find("demo", talk.opened.conversation.id)
    assert found is not None
    case = services.store._cases[found[0].id]  # type: ignore[attr-defined]
    case.head = replace(case.head, status=Status.HUMAN)
    case.handoffs = {
        key: replace(one, status=HandoffStatus.HUMAN, claimed_by="Alma") for key, one in case.handoffs.items()
    }
