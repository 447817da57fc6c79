"""A conversation that breaks a rule is found out, and one that keeps them all is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from agent.casework.desk.events import DESK_DONE, SHOPPER_MESSAGE
from agent.conversation import (
    CaseFile,
    Conversation,
    ConversationId,
    Event,
    Message,
    MessageId,
    Speaker,
    ToolCall,
    TurnId,
)
from evals.invariants import claims_transfer, find_broken
from evals.world import FRIDAY_AFTERNOON, open_world
from prompts.loader import LANGUAGES, Sentences

QUEUED, CLAIMED, RETURNED = (
    ("handoff.queued", {"id": "h"}),
    ("handoff.claimed", {"id": "h"}),
    ("handoff.returned", {"id": "h"}),
)
PERSON = "Claro, te paso con una persona del equipo."
NUMBER = [{"kind": "order_number", "value": "10002"}]


def turn(
    seq: int, said: str, *happened: Any, asks: Sequence[str] = (), case: bool = False, model: str = "none"
) -> list[Event]:
    """A shopper's turn, and what is stored of it."""
    result = {"id": f"t{seq}", "asks": list(asks), "handoff": {"id": "h"} if case else None, "usage": {"model": model}}
    told = [(SHOPPER_MESSAGE, {"id": f"m{seq}", "text": "hola"}), *happened]
    told += [("message.completed", {"id": f"r{seq}", "text": said})] if said else []
    return [Event(seq, n, kind, data) for n, (kind, data) in enumerate([*told, ("done", {"turn": result})], 1)]


def desk(seq: int, *happened: Any) -> list[Event]:
    return [Event(seq, n, kind, data) for n, (kind, data) in enumerate([*happened, (DESK_DONE, {})], 1)]


def case_file(*read: Sequence[Any], calls: tuple[ToolCall, ...] = ()) -> CaseFile:
    head = Conversation(
        ConversationId("cnv_1"), "demo", "bot", "es", "web", FRIDAY_AFTERNOON, FRIDAY_AFTERNOON  # type: ignore[arg-type]
    )  # fmt: skip
    said = Message(MessageId("m"), 1, Speaker.SHOPPER, "hola", FRIDAY_AFTERNOON, "es")
    messages = [
        replace(said, id=MessageId(f"m{seq}"), seq=seq, turn_id=TurnId(f"t{seq}"), reading={"entities": list(entities)})
        for seq, entities in enumerate(read, 1)
    ]
    return CaseFile(head, tuple(messages), calls, (), ())


REFUSED = ToolCall("c", TurnId("t2"), 1, "verify_order", {"number": "10002"}, "{}", False, 1)
SOUND = (
    (turn(1, "¿Me das el número?", asks=["order_number"]), case_file([])),
    (turn(1, PERSON, QUEUED, case=True), case_file([])),
    ([*turn(1, PERSON, QUEUED, case=True), *desk(2, CLAIMED), *turn(3, "", case=True)], case_file([], [], [])),
    ([*turn(1, PERSON, QUEUED, case=True), *desk(2, RETURNED), *turn(3, "Va en camino.", model="x")], case_file([], [], [])),
    ([*turn(1, "Va."), *turn(2, "No lo encuentro, ¿me das el número?", asks=["order_number"])], case_file(NUMBER, [], calls=(REFUSED,))),
    (turn(1, "¿Cuál de estos?", asks=["size", "choice"]), case_file([{"kind": "size", "value": "8"}])),
    (turn(1, "Falta la ciudad.", asks=["address"]), case_file([{"kind": "address", "value": '{"line1": "Roma 1"}'}])),
)  # fmt: skip
BROKEN = (
    (turn(1, PERSON), case_file([]), "there is none"),
    (turn(1, "Con gusto.", QUEUED, case=True), case_file([]), "does not say so"),
    (turn(1, PERSON, QUEUED, case=False), case_file([]), "shows a case that there is not, or hides one"),
    ([*turn(1, PERSON, QUEUED, case=True), *desk(2, CLAIMED), *turn(3, "Hola.", case=True)], case_file([], [], []), "the agent speaks"),
    ([*turn(1, PERSON, QUEUED, case=True), *turn(2, "", case=True, model="x")], case_file([], []), "a model answers"),
    ([*turn(1, PERSON, QUEUED, case=True), *desk(2, CLAIMED), *desk(3, ("tool.started", {}), RETURNED)], case_file([], [], []), "a tool is asked"),
    ([*turn(1, "Va."), *turn(2, "¿Me das el número?", asks=["order_number"])], case_file(NUMBER, []), "although 10002 was told"),
    (turn(1, "¿Y la dirección?", asks=["address"]), case_file([{"kind": "address", "value": '{"line1": "Roma 1", "city": "León", "postal_code": "37000"}'}]), "asks for address"),
)  # fmt: skip


@pytest.mark.parametrize(("events", "file"), SOUND)
def test_a_conversation_that_keeps_the_rules_is_left_alone(events: list[Event], file: CaseFile) -> None:
    assert find_broken(file, events) == []


@pytest.mark.parametrize(("events", "file", "named"), BROKEN)
def test_each_broken_rule_is_named(events: list[Event], file: CaseFile, named: str) -> None:
    (found,) = find_broken(file, events)
    assert named in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_hands_over_is_heard_to_do_so_and_none_that_does_not(language: str) -> None:
    sentences = Sentences.load()
    told = [key for key in sentences.keys if key.startswith("handoff.because_")]
    assert len(told) >= 12
    when = sentences.say("handoff.wait", language, minutes=3)
    for key in told:
        assert claims_transfer(f"{sentences.say(key, language)} {when}"), key
    for key in ("handoff.offer", "handoff.declined"):
        assert not claims_transfer(sentences.say(key, language)), key


async def test_a_whole_conversation_with_a_person_in_it_keeps_them(library: Any, tmp_path: Any) -> None:
    from agent.casework.desk.move import Person

    alma = Person("demo", "Alma")
    async with open_world(library, tmp_path) as world:
        talk = await world.open("lucia-hernandez")
        await talk.say("¿dónde está mi pedido 10002?")
        case = (await talk.say("quiero hablar con una persona"))["handoff"]["id"]
        await talk.say("¿siguen ahí?")
        await world.parts.desk.claim(alma, case)
        await world.parts.desk.say(alma, case, "Hola, soy Alma.")
        await talk.say("gracias")
        await world.parts.desk.transfer(alma, case, queue="orders")
        await world.parts.desk.claim(alma, case)
        await world.parts.desk.give_back(alma, case, "Quiere cambiar los tenis del pedido 10001 por la talla 8.")
        await talk.say("sí")
        assert find_broken(await talk.file(), await talk.events()) == []
