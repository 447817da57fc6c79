"""Whom nobody reached in time: a case to take along, and a call instead of waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.casework.capsule import FRAGMENT, LASTS, opens, seal
from agent.casework.desk.move import Person
from agent.casework.desk.watch import DeskWatch
from agent.casework.receiving import Reception
from agent.conversation import TurnKind
from evals.invariants import find_broken
from evals.world import FRIDAY_AFTERNOON, Talk, World

LUCIA = "lucia-hernandez"
ALMA = Person("demo", "Alma")
PAGE = "https://shop.example/help"


async def late(world: World, customer: str = LUCIA, locale: str = "es") -> Talk:
    """A shopper who was told that nobody came."""
    talk = await world.open(customer, locale=locale)
    case = (await talk.press(TurnKind.HANDOFF))["handoff"]["id"]
    world.clock.pass_time(minutes=4)
    assert await world.parts.desk_watch.look() > 0
    assert "overdue" in [one["kind"] for one in (await world.parts.desk_view.case(ALMA, case))["log"]]
    return talk


@pytest.mark.parametrize(
    ("locale", "offered", "asked", "told"),
    [
        ("es", "«llámame»", "mejor llámenme", "te llamamos al número que termina en 0937"),
        ("en", "“call me”", "please call me instead", "we'll call you on the number ending in 0937"),
        ("pt", "«me liga»", "prefiro que me liguem", "ligamos para o número que termina em 0937"),
    ],
)
async def test_a_call_is_offered_and_whoever_takes_it_has_a_ticket_with_a_time(
    world: World, locale: str, offered: str, asked: str, told: str
) -> None:
    talk = await late(world, locale=locale)
    assert offered in (await talk.file()).messages[-1].text
    answer = await talk.say(asked)
    assert told in answer["reply"]["text"]
    assert answer["handoff"]["ticket"] in answer["reply"]["text"]
    assert answer["status"] == "queued"
    row = await world.parts.desk_view.case(ALMA, answer["handoff"]["id"])
    assert row["callback"].endswith("0937")
    assert [one["kind"] for one in row["log"]] == ["overdue", "callback"]
    assert find_broken(await talk.file(), await talk.events()) == []


async def test_without_a_number_one_is_asked_for_and_used(world: World) -> None:
    talk = await late(world, customer="")
    assert "¿A qué número?" in (await talk.say("prefiero que me llamen"))["reply"]["text"]
    answer = await talk.say("al 55 4812 0937")
    assert "termina en 0937" in answer["reply"]["text"]
    assert "termina" not in (await talk.say("llámenme"))["reply"]["text"], "once is enough"


async def test_a_call_is_no_choice_before_somebody_is_late_nor_for_whoever_refuses_it(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.press(TurnKind.HANDOFF)
    answer = await talk.say("llámenme al 55 4812 0937")
    assert (await world.parts.desk_view.case(ALMA, answer["handoff"]["id"]))["callback"] is None
    other = await late(world)
    for said in (
        "no me llamen, por favor",
        "me llamo Lucía y mi hija se llama Ana",
        "don't call me",
        "já me ligaram ontem",
    ):
        answer = await other.say(said)
        assert (await world.parts.desk_view.case(ALMA, answer["handoff"]["id"]))["callback"] is None, said


async def test_the_mail_holds_what_was_said_and_a_link_back_into_the_conversation(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.say("¿dónde está mi pedido 10002?")
    await talk.press(TurnKind.HANDOFF)
    world.clock.pass_time(minutes=4)
    fronts = {"demo": replace(world.front, page=PAGE)}
    services = replace(world.services, storefronts=fronts)
    await DeskWatch(services, Reception(services)).look()
    (mail,) = await world.mail.read_outbox("demo")
    assert "[12:00] Tú: ¿dónde está mi pedido 10002?" in mail.text
    assert "[12:00] Asistente: " in mail.text
    (link,) = [word for word in mail.text.split() if word.startswith(PAGE)]
    fragment, _, token = link.removeprefix(f"{PAGE}#").partition("/")
    conversation = talk.opened.conversation.id
    assert fragment == f"{FRAGMENT}={conversation}"
    assert opens(services.secret, "demo", conversation, token, world.clock.now)


async def test_without_a_page_to_lead_to_there_is_no_link(world: World) -> None:
    await late(world)
    (mail,) = await world.mail.read_outbox("demo")
    assert "#postventa" not in mail.text
    assert "cap." not in mail.text


def test_a_sealed_token_opens_its_own_conversation_for_its_days_and_nothing_else() -> None:
    now = FRIDAY_AFTERNOON
    token = seal("secret", "demo", "cnv_1", now)
    assert opens("secret", "demo", "cnv_1", token, now + LASTS - timedelta(seconds=1))
    later = token.replace(token.split(".")[1], str(int(token.split(".")[1]) + 1))
    wrong: list[tuple[Any, ...]] = [
        ("secret", "demo", "cnv_1", token, now + LASTS),
        ("secret", "demo", "cnv_2", token, now),
        ("secret", "other", "cnv_1", token, now),
        ("other", "demo", "cnv_1", token, now),
        ("", "demo", "cnv_1", seal("", "demo", "cnv_1", now), now),
        ("secret", "demo", "cnv_1", later, now),
        *(("secret", "demo", "cnv_1", one, now) for one in ("", "cap", "cap.1.x", token[:-1], f"{token}\n", "ctk_1")),
    ]
    assert not any(opens(*one) for one in wrong)
