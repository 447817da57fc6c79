"""Whatever Chatwoot does, the case is in our queue until it has acknowledged, the shopper hears the truth, and there is one case."""

from __future__ import annotations

from typing import Any

import pytest

from agent.app.demo import SHOP_ID
from agent.casework.desk.move import Person
from agent.casework.outbox.letters import LetterStatus
from evals.chatwoot_server import Fault

PERSON = "quiero hablar con una persona"
PASSING = "Ya estás en nuestra cola"
ARRIVED = "El equipo ya confirmó que tiene tu caso"
ALMA = Person(SHOP_ID, "Alma")
CALLS = ("contact by identifier", "by e-mail", "new contact", "conversations", "new one", "note", "labels", "priority")
"""Of a case on its way into Chatwoot."""


async def asked_for_a_person(desk: Any, customer: str = "lucia-hernandez") -> Any:
    talk = await desk.world.open(customer)
    answer = await talk.say(PERSON)
    assert PASSING in answer["reply"]["text"]
    assert ARRIVED not in answer["reply"]["text"]
    return talk


async def deliver(desk: Any, times: int = 1, **span: float) -> None:
    for _ in range(times):
        await desk.world.parts.outside.courier.deliver_due()
        desk.pass_time(**(span or {"hours": 2}))


async def said(talk: Any) -> str:
    return "\n".join(message.text for message in (await talk.file()).messages if message.who == "agent")


async def test_the_shopper_hears_that_it_arrived_only_when_it_has(open_outside: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    assert (await desk.handoff()).queue == "general"
    await desk.settle()
    assert (await said(talk)).count(ARRIVED) == 1
    handoff = await desk.handoff()
    assert (handoff.status, handoff.queue) == ("queued", "chatwoot")


@pytest.mark.parametrize(
    "fault", [Fault.ERROR, Fault.UNAUTHORIZED, Fault.LIMITED, Fault.SILENT, Fault.MALFORMED, Fault.EMPTY]
)
async def test_while_it_fails_the_case_stays_with_us(open_outside: Any, fault: Fault) -> None:
    desk = await open_outside()
    desk.chatwoot.always = fault
    talk = await asked_for_a_person(desk)
    await deliver(desk, 3)
    assert ARRIVED not in await said(talk)
    assert (await desk.handoff()).queue == "general"
    assert await desk.world.parts.desk.claim(ALMA, (await desk.handoff()).id)
    assert desk.chatwoot.book.conversations == {}


async def test_a_desk_that_is_not_there(open_outside: Any) -> None:
    desk = await open_outside(url="http://127.0.0.1:9")
    talk = await asked_for_a_person(desk)
    await deliver(desk, 3)
    assert ARRIVED not in await said(talk)
    (kept, *_) = [
        one
        for one in await desk.world.parts.storing.letters.letters(SHOP_ID, LetterStatus.WAITING)
        if one.letter.type == "handoff.queued"
    ]
    assert (kept.failure, kept.attempts) == ("unreachable", 3)


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.MALFORMED, Fault.ACK_LOST])
@pytest.mark.parametrize("call", range(len(CALLS)), ids=CALLS)
async def test_a_fault_at_any_step_makes_no_second_case(open_outside: Any, fault: Fault, call: int) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    desk.chatwoot.faults = [*[None] * call, fault]
    await deliver(desk, 1)
    await desk.settle()
    await desk.settle()
    assert len(desk.chatwoot.book.contacts) == len(desk.chatwoot.book.conversations) == 1
    conversation = desk.chatwoot.book.conversations[1]
    assert [message.private for message in conversation.messages] == [True]
    assert (conversation.labels, conversation.priority) == (["human_request"], "high")
    assert (await said(talk)).count(ARRIVED) == 1


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.ACK_LOST])
async def test_a_message_whose_acknowledgement_is_lost_is_not_there_twice(open_outside: Any, fault: Fault) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.settle()
    await talk.say("es el pedido 10002")
    await talk.say("llegó roto")
    desk.chatwoot.faults = [fault]
    await deliver(desk, 1)
    (case,) = await desk.seen()
    assert case.heard == ("es el pedido 10002", "llegó roto")


async def test_a_repeat_is_found_behind_many_other_messages(open_outside: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.settle()
    await talk.say("es el pedido 10002")
    desk.chatwoot.faults = [Fault.ACK_LOST]
    await deliver(desk, 1)
    for n in range(250):
        desk.chatwoot.book.reply(1, "Marta", f"nota {n}", private=True)
    desk.chatwoot.book.news.clear()
    (case,) = await desk.seen()
    assert case.heard == ("es el pedido 10002",)


async def test_a_limit_is_respected(open_outside: Any) -> None:
    desk = await open_outside()
    await asked_for_a_person(desk)
    desk.chatwoot.faults = [Fault.LIMITED]
    await deliver(desk, 1, seconds=119)
    await deliver(desk, 1, seconds=1)
    assert len(desk.chatwoot.asked) == 1
    await desk.settle()
    assert len(desk.chatwoot.book.conversations) == 1


async def test_after_the_last_attempt_it_is_dead_and_a_lead_has_it_sent_again(open_outside: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    desk.chatwoot.always = Fault.ERROR
    await deliver(desk, 25)
    letters = desk.world.parts.storing.letters
    dead = [one for one in await letters.letters(SHOP_ID, LetterStatus.DEAD) if one.letter.type == "handoff.queued"]
    assert [(one.failure, one.attempts) for one in dead] == [("http_500", 20)]
    desk.chatwoot.always = None
    await letters.replay(SHOP_ID, dead[0].letter.id, now=desk.world.clock())
    await desk.settle()
    assert len(desk.chatwoot.book.conversations) == 1
    assert (await said(talk)).count(ARRIVED) == 1


async def test_a_dead_first_letter_does_not_lose_the_case(open_outside: Any) -> None:
    """The next thing that happens in it brings it there."""
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    desk.chatwoot.always = Fault.ERROR
    await deliver(desk, 25)
    desk.chatwoot.always = None
    await talk.say("¿hay alguien?")
    (case,) = await desk.seen()
    assert PERSON in case.story
    assert case.heard == ("¿hay alguien?",)


async def test_somebody_here_was_quicker(open_outside: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.world.parts.desk.claim(ALMA, (await desk.handoff()).id)
    (case,) = await desk.seen()
    assert "Alma tomó este caso" in case.story
    assert ARRIVED not in await said(talk)
    assert (await desk.handoff()).claimed_by == "Alma"


async def test_two_people_do_not_talk_at_once(open_outside: Any, spoken: Any) -> None:
    """Words that did not reach the shopper come back to whoever wrote them, however often the webhook comes."""
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.settle()
    await desk.world.parts.desk.claim(ALMA, (await desk.handoff()).id)
    await desk.reply("Hola, soy Marta.", twice=True)
    assert [one for one in await spoken(talk) if one[0] == "person"] == []
    notes = [one.text for one in desk.chatwoot.book.conversations[1].messages if "no le llegó" in one.text]
    assert len(notes) == 1
    assert "Alma" in notes[0]
    assert "Hola, soy Marta." in notes[0]


async def test_what_is_written_here_is_a_note_there_and_comes_back_to_nobody(open_outside: Any, spoken: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.settle()
    await desk.world.parts.desk.claim(ALMA, (await desk.handoff()).id)
    await desk.world.parts.desk.say(ALMA, (await desk.handoff()).id, "Soy Alma.")
    await desk.settle(twice=True)
    assert [one[1:] for one in await spoken(talk) if one[0] == "person"] == [("Alma", "Soy Alma.")]
    assert [one.text for one in desk.chatwoot.book.conversations[1].messages if one.text == "Alma: Soy Alma."]


async def test_resolved_here_is_resolved_there_and_the_other_way_round_ends_too(open_outside: Any) -> None:
    desk = await open_outside()
    await asked_for_a_person(desk)
    await desk.settle()
    await desk.world.parts.desk.claim(ALMA, (await desk.handoff()).id)
    await desk.world.parts.desk.resolve(ALMA, (await desk.handoff()).id, "solved")
    await desk.settle(twice=True)
    assert desk.chatwoot.book.conversations[1].status == "resolved"
    assert (await desk.handoff()).status == "resolved"


async def test_resolved_there_before_anybody_wrote(open_outside: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.resolve()
    handoff = await desk.handoff()
    assert (handoff.status, handoff.claimed_by, (await talk.file()).conversation.status) == (
        "resolved",
        "Marta",
        "closed",
    )


async def test_a_note_there_is_a_note_here_and_not_the_shoppers(open_outside: Any, spoken: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.settle()
    desk.chatwoot.book.reply(1, "Marta", "cliente muy enojada", private=True)
    await desk.settle(twice=True)
    entries = [(one.by, one.text) for one in (await desk.handoff()).log if one.kind == "note"]
    assert entries == [("Marta", "cliente muy enojada")]
    assert "enojada" not in str(await spoken(talk))


async def test_bots_over_there_do_not_speak_to_the_shopper(open_outside: Any, spoken: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.settle()
    desk.chatwoot.book.reply(1, "Captain", "¡Hola! Soy un bot.", by="agent_bot")
    await desk.settle()
    assert "bot" not in str([one for one in await spoken(talk) if one[0] == "person"])


async def test_another_person_there_goes_on(open_outside: Any, spoken: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.reply("Hola, soy Marta.")
    desk.chatwoot.book.reply(1, "Pedro", "Sigo yo, soy Pedro.")
    await desk.settle()
    assert [one[1] for one in await spoken(talk) if one[0] == "person"] == ["Marta", "Pedro"]
    assert (await desk.handoff()).claimed_by == "Pedro"


async def test_what_people_there_do_is_not_told_to_them(open_outside: Any) -> None:
    desk = await open_outside()
    await asked_for_a_person(desk)
    await desk.reply("Hola, soy Marta.")
    desk.chatwoot.book.reply(1, "Marta", "cliente muy enojada", private=True)
    await desk.resolve()
    await desk.reopen()
    texts = [one.text for one in desk.chatwoot.book.conversations[1].messages[1:]]
    assert texts == ["Hola, soy Marta.", "cliente muy enojada"]
    assert desk.chatwoot.book.conversations[1].status == "open"


async def test_a_reply_may_come_before_its_case_is_known(open_outside: Any, spoken: Any) -> None:
    """The acknowledgement is lost, somebody there is quick: the case names our handoff itself."""
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    desk.chatwoot.faults = [*[None] * CALLS.index("note"), Fault.ACK_LOST]
    await deliver(desk, 1)
    desk.chatwoot.book.now = desk.world.clock().timestamp()
    desk.chatwoot.book.reply(1, "Marta", "Hola, soy Marta.")
    await desk.chatwoot.send_webhooks()
    assert ("person", "Marta", "Hola, soy Marta.") in await spoken(talk)
    await desk.settle()
    assert len(desk.chatwoot.book.conversations) == 1


async def test_a_known_customer_is_one_contact(open_outside: Any) -> None:
    desk = await open_outside()
    for _ in range(2):
        talk = await asked_for_a_person(desk)
        await desk.settle()
        await talk.say("no, ya no")
    assert len(desk.chatwoot.book.contacts) == 1
    assert len(desk.chatwoot.book.conversations) == 2
    (contact,) = desk.chatwoot.book.contacts.values()
    assert contact.values["name"].startswith("Lucía")


async def test_somebody_known_there_from_elsewhere_stays_one_contact(open_outside: Any) -> None:
    desk = await open_outside()
    customer = await desk.world.shop.customer("lucia-hernandez")
    desk.chatwoot.book.add_contact({"inbox_id": desk.chatwoot.book.inbox, "email": customer.email.upper()})
    await asked_for_a_person(desk)
    await desk.settle()
    assert len(desk.chatwoot.book.contacts) == 1


async def test_what_a_stranger_claims_does_not_make_them_somebody(open_outside: Any) -> None:
    desk = await open_outside()
    customer = await desk.world.shop.customer("lucia-hernandez")
    talk = await desk.world.open()
    await talk.say(f"mi correo es {customer.email}, {PERSON}")
    await desk.settle()
    (contact,) = desk.chatwoot.book.contacts.values()
    assert contact.values.get("email") is None


async def test_an_erased_conversation_has_nothing_left_to_say(open_outside: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await desk.settle()
    await talk.say("otra cosa")
    assert await desk.world.services.store.erase(SHOP_ID, talk.opened.conversation.id)
    desk.chatwoot.book.reply(1, "Marta", "¿Sigue ahí?")
    before = len(desk.chatwoot.asked)
    await desk.settle()
    assert len(desk.chatwoot.asked) == before
    assert [status for _, status in desk.chatwoot.told][-1] == 200


async def test_a_shopper_who_stays_with_the_agent_is_no_case_there(open_outside: Any) -> None:
    desk = await open_outside()
    talk = await asked_for_a_person(desk)
    await talk.say("no, ya no")
    assert (await talk.file()).conversation.status == "bot"
    await desk.settle()
    assert desk.chatwoot.book.conversations == {}
