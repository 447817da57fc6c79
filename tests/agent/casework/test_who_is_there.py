"""How well the shopper is known decides what they may see and change, and codes prove it: few tries, little time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.casework.receiving import Reception
from agent.conversation import ActionStatus
from evals.world import Talk, World
from tools.shop.models import CustomerId

ASK = "quiero dejar una nota para el repartidor de mi pedido 10002: toca el timbre azul"
EMAIL = "lucia.hernandez@example.mx"


async def asked_for_code(world: World) -> Talk:
    """Level 1: number and e-mail are known, the code is on its way."""
    talk = await world.open()
    await talk.say(ASK)
    answer = await talk.say(EMAIL)
    assert answer["asks"] == ["code"], answer["reply"]
    assert (await talk.file()).conversation.identity_level == 1
    return talk


async def test_nobody_in_particular_sees_no_order(world: World) -> None:
    talk = await world.open()
    answer = await talk.say("¿dónde está mi pedido 10002?")
    assert set(answer["asks"]) & {"email", "postal_code"}
    assert "Colibrí" not in answer["reply"]["text"]


async def test_number_and_email_show_that_order_and_no_other(world: World) -> None:
    talk = await world.open()
    await talk.say("¿dónde está mi pedido 10002?")
    answer = await talk.say(EMAIL)
    assert "10002" in answer["reply"]["text"]
    stranger = await talk.say("¿y dónde está el pedido 10003?")
    assert "No encuentro" in stranger["reply"]["text"]
    head = (await talk.file()).conversation
    assert (head.identity_level, head.verified_orders) == (1, ("10002",))


async def test_the_email_of_somebody_else_shows_nothing(world: World) -> None:
    talk = await world.open()
    await talk.say("¿dónde está mi pedido 10002?")
    answer = await talk.say("emma.clark@example.com")
    assert "No encuentro" in answer["reply"]["text"]
    assert (await talk.file()).conversation.identity_level == 0


async def test_level_one_proposes_nothing_before_the_code(world: World) -> None:
    talk = await asked_for_code(world)
    assert (await talk.file()).actions == ()
    await talk.say("sí")
    assert (await talk.file()).actions == ()


async def test_the_code_goes_to_the_contact_on_file_and_is_stored_nowhere_else(world: World) -> None:
    talk = await asked_for_code(world)
    (mail,) = await world.mail.read_outbox("demo")
    assert mail.to == EMAIL
    code = await world.last_code()
    stored = await talk.file()
    assert all(code not in message.text for message in stored.messages)
    assert EMAIL not in stored.messages[-1].text, "it is masked"


async def test_the_right_code_lets_the_shopper_go_on_where_they_were(world: World) -> None:
    talk = await asked_for_code(world)
    answer = await talk.say(await world.last_code())
    assert (await talk.file()).conversation.identity_level == 2
    assert [one["status"] for one in answer["actions"]] == ["proposed"]
    await talk.say("sí")
    assert (await talk.last_action()).status is ActionStatus.EXECUTED


async def test_after_five_wrong_codes_the_right_one_is_dead(world: World) -> None:
    talk = await asked_for_code(world)
    code = await world.last_code()
    for wrong in range(900001, 900006):
        assert "coincide" in (await talk.say(str(wrong)))["reply"]["text"]
    await talk.say(code)
    assert (await talk.file()).conversation.identity_level == 1


async def test_after_four_wrong_codes_the_right_one_still_works(world: World) -> None:
    talk = await asked_for_code(world)
    code = await world.last_code()
    for wrong in range(900001, 900005):
        await talk.say(str(wrong))
    await talk.say(code)
    assert (await talk.file()).conversation.identity_level == 2


async def test_a_code_dies_after_ten_minutes(world: World) -> None:
    talk = await asked_for_code(world)
    world.clock.pass_time(minutes=10)
    await talk.say(await world.last_code())
    assert (await talk.file()).conversation.identity_level == 1


async def test_a_code_works_once(world: World) -> None:
    talk = await asked_for_code(world)
    code = await world.last_code()
    await talk.say(code)
    again = await world.open()
    await again.say(ASK)
    await again.say(EMAIL)
    await again.say(code)
    assert (await again.file()).conversation.identity_level == 1


async def test_a_code_of_one_conversation_opens_no_other(world: World) -> None:
    first = await asked_for_code(world)
    stolen = await world.last_code()
    second = await asked_for_code(world)
    await second.say(stolen)
    assert (await second.file()).conversation.identity_level == 1
    await first.say(stolen)
    assert (await first.file()).conversation.identity_level == 2


async def test_a_new_code_kills_the_one_before(world: World) -> None:
    talk = await asked_for_code(world)
    old = await world.last_code()
    await talk.say("no me llegó, mándame otro código")
    assert await world.last_code() != old
    await talk.say(old)
    assert (await talk.file()).conversation.identity_level == 1


async def test_codes_that_are_sent_are_bounded(world: World) -> None:
    for _ in range(5):
        await asked_for_code(world)
    talk = await world.open()
    await talk.say(ASK)
    answer = await talk.say(EMAIL)
    assert answer["asks"] != ["code"]
    assert len(await world.mail.read_outbox("demo")) == 5


async def test_guessing_order_and_email_is_bounded(world: World) -> None:
    talk = await world.open()
    await talk.say("¿dónde está mi pedido 10002?")
    for n in range(10):
        await talk.say(f"nobody{n}@example.com")
    answer = await talk.say(EMAIL)
    assert (await talk.file()).conversation.identity_level == 0
    assert "demasiados intentos" in answer["reply"]["text"].lower()


@pytest.mark.parametrize("customer", ["nobody-known", ""])
async def test_a_signed_claim_the_shop_does_not_know_gives_nothing(world: World, customer: str) -> None:
    talk = await world.open(customer)
    assert (await talk.file()).conversation.identity_level == 0


class BrokenMail:
    """A mail server that takes nothing."""

    async def send(self, *_: object, **__: object) -> None:
        raise ConnectionRefusedError


NOTE = {
    "es": (ASK, EMAIL, "el correo no está saliendo"),
    "en": (
        "I want to leave a note for the driver of order 10003: ring twice",
        "emma.clark@example.com",
        "e-mail isn't",
    ),
    "pt": ("quero deixar um recado para o entregador do pedido 10032: toque duas vezes", "", "não estão saindo"),
}


@pytest.mark.parametrize("language", NOTE)
async def test_a_code_that_could_not_be_mailed_is_told_and_can_be_tried_again(world: World, language: str) -> None:
    ask, email, truth = NOTE[language]
    email = email or (await customer_mail(world, "mariana-souza"))
    broken = replace(world.services, mail=BrokenMail())
    without_mail = replace(world, parts=replace(world.parts, services=broken, reception=Reception(broken)))
    talk = await without_mail.open(locale=language)
    await talk.say(ask)
    answer = await talk.say(email)
    assert truth in answer["reply"]["text"]
    assert (answer["asks"], answer["actions"], answer["handoff"]) == ([], [], None)
    again = {"es": "prueba otra vez", "en": "try again please", "pt": "tente de novo por favor"}[language]
    assert (await Talk(world, talk.opened).say(again))["asks"] == ["code"]


async def test_a_person_is_there_when_the_code_cannot_be_mailed(world: World) -> None:
    broken = replace(world.services, mail=BrokenMail())
    without_mail = replace(world, parts=replace(world.parts, services=broken, reception=Reception(broken)))
    talk = await without_mail.open()
    await talk.say(ASK)
    await talk.say(EMAIL)
    assert (await talk.say("sí, pásame con una persona"))["handoff"]["status"] == "queued"


async def customer_mail(world: World, customer: str) -> str:
    found = await world.shop.customer(CustomerId(customer))
    assert found is not None
    return found.email
