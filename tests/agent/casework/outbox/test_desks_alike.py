"""What a shopper and a person at a desk may count on, whichever desk it is."""

from __future__ import annotations

from typing import Any

PERSON = "quiero hablar con una persona"


async def test_a_case_arrives_once_with_everything_said(bench: Any) -> None:
    talk = await bench.world.open("lucia-hernandez")
    await talk.say("¿dónde está mi pedido 10002?")
    assert await bench.seen() == []
    await talk.say(PERSON)
    (case,) = await bench.seen()
    assert "¿dónde está mi pedido 10002?" in case.story
    assert PERSON in case.story
    assert case.reasons == ("human_request",)
    assert case.heard == ()
    assert len(await bench.seen()) == 1


async def test_what_is_grave_is_urgent(bench: Any) -> None:
    talk = await bench.world.open("lucia-hernandez")
    await talk.say("sale humo de la batería")
    (case,) = await bench.seen()
    assert case.urgent
    assert case.reasons == ("safety",)


async def test_what_the_shopper_says_next_is_there_once_and_in_order(bench: Any) -> None:
    talk = await bench.world.open("lucia-hernandez")
    await talk.say(PERSON)
    await bench.seen()
    for text in ("es el pedido 10002", "llegó roto", "¿siguen ahí?"):
        await talk.say(text)
    await bench.take()
    (case,) = await bench.seen()
    assert case.heard == ("es el pedido 10002", "llegó roto", "¿siguen ahí?")


async def test_a_reply_is_in_the_thread_once_with_its_author(bench: Any, spoken: Any) -> None:
    talk = await bench.world.open("lucia-hernandez")
    await talk.say(PERSON)
    await bench.take()
    await bench.reply("Hola, soy Marta. Ya lo veo.", twice=True)
    replies = [one for one in await spoken(talk) if one[0] == "person"]
    assert replies == [("person", "Marta", "Hola, soy Marta. Ya lo veo.")]
    head = (await talk.file()).conversation
    assert head.status == "human"


async def test_the_agent_is_silent_while_a_person_has_the_case(bench: Any, spoken: Any) -> None:
    talk = await bench.world.open("lucia-hernandez")
    await talk.say(PERSON)
    await bench.take()
    await bench.reply("Hola, soy Marta.")
    answer = await talk.say("¿y mi pedido?")
    assert answer["reply"] is None
    (case,) = await bench.seen()
    assert case.heard[-1:] == ("¿y mi pedido?",)
    await bench.reply("Sale hoy.")
    assert [one[2] for one in await spoken(talk)][-2:] == ["¿y mi pedido?", "Sale hoy."]


async def test_given_back_the_agent_answers_again(bench: Any) -> None:
    talk = await bench.world.open("lucia-hernandez")
    await talk.say(PERSON)
    await bench.take()
    await bench.reply("Hola, soy Marta.")
    await bench.give_back(twice=True)
    file = await talk.file()
    assert (file.conversation.status, [one.status for one in file.handoffs]) == ("bot", ["returned"])
    assert (await talk.say("¿dónde está mi pedido 10002?"))["reply"] is not None


async def test_resolved_it_is_closed_and_the_next_word_is_the_agents(bench: Any) -> None:
    talk = await bench.world.open("lucia-hernandez")
    await talk.say(PERSON)
    await bench.take()
    await bench.reply("Hola, soy Marta.")
    await bench.resolve(twice=True)
    file = await talk.file()
    assert (file.conversation.status, file.handoffs[0].status, file.handoffs[0].outcome) == (
        "closed",
        "resolved",
        "solved",
    )
    assert (await talk.say("¿dónde está mi pedido 10002?"))["reply"] is not None


async def test_reopened_the_person_has_it_again(bench: Any, spoken: Any) -> None:
    talk = await bench.world.open("lucia-hernandez")
    await talk.say(PERSON)
    await bench.take()
    await bench.reply("Hola, soy Marta.")
    await bench.resolve()
    await bench.reopen(twice=True)
    file = await talk.file()
    assert (file.conversation.status, file.open_handoff and file.open_handoff.claimed_by) == ("human", "Marta")
    await bench.reply("Una cosa más.")
    assert (await spoken(talk))[-1] == ("person", "Marta", "Una cosa más.")
    assert len(await bench.seen()) == 1
