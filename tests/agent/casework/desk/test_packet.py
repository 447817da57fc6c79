"""Whoever takes a case has all of it in front of them, in their own language, and nothing that nobody said."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agent.casework.desk.move import Person
from agent.conversation import TurnKind
from evals.world import Talk, World

LUCIA = "lucia-hernandez"
ALMA = Person("demo", "Alma")
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b")


async def queued(world: World) -> tuple[Talk, str]:
    talk = await world.open(LUCIA)
    await talk.say("quiero cambiar los tenis del pedido 10001 por talla 8 porque me aprietan")
    answer = await talk.say("esto es de abogado, llevo semanas con esto")
    return talk, answer["handoff"]["id"]


async def test_the_packet_grows_with_what_is_said_while_the_case_waits(world: World) -> None:
    talk, case = await queued(world)
    before = (await world.parts.desk_view.case(ALMA, case))["packet"]
    await talk.say("y mi teléfono es 55 4812 0937")
    after = (await world.parts.desk_view.case(ALMA, case))["packet"]
    assert len(after["transcript"]) == len(before["transcript"]) + 2
    assert {fact["kind"] for fact in after["facts"]} - {fact["kind"] for fact in before["facts"]} == {"phone"}
    assert len(after["emotion"]) == len(before["emotion"]) + 1


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("es", ["Lucía (identidad verificada), en español", "Motivo: habla de acciones legales"]),
        ("en", ["Lucía (identity verified), in Spanish", "Reason: talks of legal action"]),
        ("pt", ["Lucía (identidade verificada), em espanhol", "Motivo: fala em ação legal"]),
    ],
)
async def test_the_summary_is_in_the_readers_language_and_at_most_eight_lines(
    world: World, locale: str, expected: list[str]
) -> None:
    _, case = await queued(world)
    packet = (await world.parts.desk_view.case(ALMA, case, locale))["packet"]
    summary = packet["summary"]
    assert len(summary) <= 8
    for line in expected:
        assert any(one.startswith(line) for one in summary), summary
    assert not [line for line in summary if RAW.search(line)], summary
    assert packet["next_step"] == summary[-1]


async def test_every_code_has_words_beside_it(world: World) -> None:
    _, case = await queued(world)
    packet = (await world.parts.desk_view.case(ALMA, case, "en"))["packet"]
    worded = [
        *(one["words"] for one in packet["reasons"]),
        *(one["words"] for one in packet["actions"]),
        *(one["status_words"] for one in packet["actions"]),
        *(one["words"] for one in packet["tools"]),
        *(one["label"] for one in packet["open_requests"]),
        *(one["status_words"] for one in packet["orders"]),
        *(event["words"] for one in packet["timeline"] for event in one["events"]),
    ]
    assert len(worded) > 8
    assert not [words for words in worded if RAW.search(words)], worded
    assert {fact["words"] for fact in packet["facts"] if fact["kind"] == "reason"} == {"too small"}


async def test_every_fact_and_reason_names_the_message_in_which_it_is(world: World) -> None:
    talk, case = await queued(world)
    packet = (await world.parts.desk_view.case(ALMA, case))["packet"]
    texts = {message.id: message.text for message in (await talk.file()).messages}
    assert packet["facts"]
    for fact in packet["facts"]:
        assert fact["message_id"] in texts
    for reason in packet["reasons"]:
        assert reason["detail"] in texts[reason["message_id"]]
    assert [one["message_id"] for one in packet["emotion"]] == [
        message.id for message in (await talk.file()).messages if message.who == "shopper"
    ]


async def test_an_orders_story_is_told_in_its_order(world: World) -> None:
    _, case = await queued(world)
    (story,) = (await world.parts.desk_view.case(ALMA, case, "es"))["packet"]["timeline"]
    assert story["order"] == "10001"
    times = [event["at"] for event in story["events"]]
    assert times == sorted(times)
    assert (story["events"][0]["words"], story["events"][-1]["code"]) == ("Pedido hecho", "delivered")
    assert story["parcels"][0]["steps"]


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("el cargador echa humo", "Primero su seguridad"),
        ("esto es una estafa", "Protege la cuenta"),
        ("quiero hablar con una persona", "Responde a lo último que dijo"),
    ],
)
async def test_the_next_step_is_what_matters_most(world: World, said: str, step: str) -> None:
    talk = await world.open(LUCIA)
    case = (await talk.say(said))["handoff"]["id"]
    assert (await world.parts.desk_view.case(ALMA, case))["packet"]["next_step"].startswith(step)


async def test_before_anybody_has_said_anything_the_next_step_is_to_say_hello(world: World) -> None:
    talk = await world.open(LUCIA)
    case = (await talk.press(TurnKind.HANDOFF))["handoff"]["id"]
    assert (await world.parts.desk_view.case(ALMA, case, "en"))["packet"]["next_step"].startswith("Say hello")


async def test_drafts_are_in_the_shoppers_language_and_say_only_what_is_known(world: World) -> None:
    talk = await world.open(LUCIA, locale="pt")
    await talk.say("onde está o meu pedido 10002? e quanto tempo tenho para devolver?")
    case = (await talk.say("quero falar com uma pessoa"))["handoff"]["id"]
    advice = await world.parts.desk_view.suggestions(ALMA, case, "en")
    drafts = {draft["id"].split(":")[0]: draft for draft in advice["drafts"]}
    assert drafts["greeting"]["text"].startswith("Olá, Lucía. Aqui é Alma, da equipe")
    assert "10002" in drafts["order"]["text"]
    articles = [draft for draft in advice["drafts"] if draft["citations"]]
    for draft in articles:
        assert draft["text"] == draft["citations"][0]["quote"]
    assert len({draft["id"] for draft in advice["drafts"]}) == len(advice["drafts"])
    assert advice["timeline"][0]["events"][0]["words"] == "Order placed", "for the reader, in the reader's language"


async def test_help_with_articles_is_found_for_what_is_wanted(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.say("¿cuántos días tengo para devolver unos zapatos?")
    case = (await talk.press(TurnKind.HANDOFF))["handoff"]["id"]
    advice = await world.parts.desk_view.suggestions(ALMA, case)
    assert advice["articles"]
    assert advice["articles"][0]["article"] == "returns_window"
    found = await world.parts.desk_view.search(ALMA, "how long do I have to return shoes", "en-GB")
    assert found[0]["article"] == "returns_window"


async def test_what_a_person_did_in_another_case_is_seen_in_the_next(world: World) -> None:
    talk = await world.open(LUCIA)
    first: Any = (await talk.press(TurnKind.HANDOFF))["handoff"]["id"]
    await world.parts.desk.claim(ALMA, first)
    await world.parts.desk.give_back(ALMA, first, "Prefiere que le escriban por la tarde.")
    second = (await talk.say("pásame con alguien otra vez"))["handoff"]["id"]
    packet = (await world.parts.desk_view.case(ALMA, second))["packet"]
    assert [(one["id"], one["outcome"], one["notes"]) for one in packet["earlier"]] == [
        (first, "returned", "Prefiere que le escriban por la tarde.")
    ]
    assert (await world.parts.desk_view.case(ALMA, first))["packet"]["earlier"] == []
