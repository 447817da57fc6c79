"""One conversation, several messages at once: each answered once, in the order in which it was accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.casework.front import Services
from agent.casework.ports import Claim
from agent.casework.receiving import Move, Reception
from agent.conversation import (
    Action,
    ActionStatus,
    Conversation,
    Message,
    MessageId,
    Speaker,
    Turn,
    TurnId,
    TurnKind,
    TurnStatus,
)
from agent.errors import Busy
from evals.world import Talk, World

Propose = Callable[[Talk], Awaitable[Action]]
NoteOf = Callable[[World], Awaitable[str]]


async def test_two_messages_at_once_are_both_answered_in_order(world: World) -> None:
    talk = await world.open("lucia-hernandez")
    first, second = await asyncio.gather(talk.say("¿dónde está mi pedido 10002?"), talk.say("gracias"))
    assert first["id"] != second["id"]
    messages = (await talk.file()).messages
    replies = [message.text for message in messages if message.who is Speaker.AGENT]
    assert sorted(replies) == sorted([first["reply"]["text"], second["reply"]["text"]])
    turns = [message.turn_id for message in messages if message.who is Speaker.AGENT]
    asked = [message.turn_id for message in messages if message.who is Speaker.SHOPPER]
    assert turns == asked
    assert [message.seq for message in messages] == [1, 2, 3, 4]


async def test_ten_messages_at_once_have_ten_answers(world: World) -> None:
    talk = await world.open("lucia-hernandez")
    answers = await asyncio.gather(*(talk.say(f"¿dónde está mi pedido 10002? {n}") for n in range(10)))
    messages = (await talk.file()).messages
    assert len({answer["id"] for answer in answers}) == 10
    assert sum(message.who is Speaker.AGENT for message in messages) == 10


async def test_a_message_sent_again_later_gets_its_first_answer(world: World) -> None:
    talk = await world.open("lucia-hernandez")
    first = await talk.say("¿dónde está mi pedido 10002?", client_message_id="m-1")
    again = await talk.say("¿dónde está mi pedido 10002?", client_message_id="m-1")
    assert again == first
    assert len((await talk.file()).messages) == 2


async def test_a_message_sent_again_with_other_words_is_still_the_first_one(world: World) -> None:
    talk = await world.open("lucia-hernandez")
    first = await talk.say("hola", client_message_id="m-1")
    assert await talk.say("cancela todo", client_message_id="m-1") == first
    assert (await talk.file()).messages[0].text == "hola"


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_a_message_sent_twice_at_once_is_one_turn(make_world: Any, store: str) -> None:
    world = await make_world(store=store)
    talk = await world.open("lucia-hernandez")
    answers = await asyncio.gather(
        *(talk.say("¿dónde está mi pedido 10002?", client_message_id="m-1") for _ in range(5))
    )
    assert all(answer == answers[0] for answer in answers)
    assert len((await talk.file()).messages) == 2


async def test_the_same_client_id_in_two_conversations_is_two_messages(world: World) -> None:
    one, other = await world.open("lucia-hernandez"), await world.open("emma-clark")
    first = await one.say("hola", client_message_id="m-1")
    second = await other.say("hola", client_message_id="m-1")
    assert first["id"] != second["id"]


async def test_a_confirmation_sent_twice_at_once_executes_once(
    make_world: Any, propose_note: Propose, note_of: NoteOf
) -> None:
    world = await make_world(store="sqlite")
    talk = await world.open("lucia-hernandez")
    action = await propose_note(talk)
    version = (await world.order("lucia-hernandez", "10002")).version
    answers = await asyncio.gather(
        talk.press(TurnKind.CONFIRM, action.id), talk.say("sí"), talk.press(TurnKind.CONFIRM, action.id)
    )
    assert await note_of(world) == "toca el timbre azul"
    assert (await world.order("lucia-hernandez", "10002")).version == version + 1
    assert [one.status for one in (await talk.file()).actions] == [ActionStatus.EXECUTED]
    assert all(answer["reply"]["text"] for answer in answers)


async def test_a_turn_that_somebody_else_does_not_finish_in_time_is_busy_and_kept(world: World) -> None:
    talk = await world.open()
    conversation = talk.opened.conversation
    held = replace(world.services, owner="somebody else")
    await _accept(held, conversation, "hola")
    hasty = Reception(replace(world.services, turn_deadline_s=0.05))
    with pytest.raises(Busy):
        await hasty.receive(conversation, Move(TurnKind.MESSAGE, text="¿hay alguien?"))
    assert [message.text for message in (await talk.file()).messages] == ["hola", "¿hay alguien?"]
    world.clock.pass_time(seconds=21)
    assert await world.reception.finish_abandoned() == 1
    assert await world.reception.finish_abandoned() == 1
    assert await world.reception.finish_abandoned() == 0
    assert [message.who.value for message in (await talk.file()).messages] == ["shopper", "shopper", "agent", "agent"]


async def _accept(services: Services, conversation: Conversation, text: str) -> Claim:
    """What a replica does first, and then nothing more."""
    now = services.clock()
    turn = Turn(TurnId("trn_held"), conversation.id, 0, TurnKind.MESSAGE, TurnStatus.ACCEPTED, {"text": text}, now)
    message = Message(MessageId("msg_held"), 0, Speaker.SHOPPER, text, now, "es", turn.id)
    got = await services.store.accept(turn, message, owner=services.owner, now=now, lease_s=services.lease_s)
    assert isinstance(got, Claim)
    return got
