"""Whoever waits for a person is answered, may go on with the agent until the desk opens, and may refuse the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agent.casework.desk.move import Person
from agent.casework.receiving import Reception
from agent.conversation import HandoffStatus
from evals.world import Library, Talk, World

LUCIA = "lucia-hernandez"
AWAY = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
"""Friday, 19:00 in the shop's zone; the desk opens on Saturday."""

WORDS = {
    "es": {
        "ask": "quiero hablar con una persona",
        "more": "se me olvidó decir que la caja llegó mojada",
        "opens": "sábado 21",
        "meanwhile": "sin que pierdas tu lugar",
        "wish": "¿dónde está mi pedido 10002?",
        "refuse": "no, prefiero seguir contigo",
        "refuse_and_ask": "no, mejor sigue tú. ¿dónde está mi pedido 10002?",
        "grave": "el cargador echó humo y me quemó la mano",
    },
    "en": {
        "ask": "I want to talk to a person",
        "more": "I forgot to say that the box arrived wet",
        "opens": "Saturday",
        "meanwhile": "without your losing your place",
        "wish": "where is my order 10002?",
        "refuse": "no, I'd rather stay with you",
        "refuse_and_ask": "no, I'd rather stay with you. where is my order 10002?",
        "grave": "the charger smoked and burned my hand",
    },
    "pt": {
        "ask": "quero falar com uma pessoa",
        "more": "esqueci de dizer que a caixa chegou molhada",
        "opens": "sábado",
        "meanwhile": "sem você perder o lugar",
        "wish": "onde está meu pedido 10002?",
        "refuse": "não, prefiro continuar com você",
        "refuse_and_ask": "não, prefiro continuar com você. onde está meu pedido 10002?",
        "grave": "o carregador soltou fumaça e queimou minha mão",
    },
}

pytestmark = pytest.mark.parametrize("language", sorted(WORDS))


class NoModel:
    """Breaks the test when a model is asked."""

    async def run(self, *_: object) -> None:
        pytest.fail("a model was asked")


def without_model(world: World) -> World:
    services = replace(world.services, loop=NoModel())  # type: ignore[arg-type]
    return replace(world, parts=replace(world.parts, services=services, reception=Reception(services)))


@pytest.fixture
async def world(make_world: Callable[..., Awaitable[World]], library: Library) -> World:
    """A service with the escalation policy that ships."""
    return await make_world(thinking=library.thinking)


async def waiting(world: World, language: str) -> Talk:
    talk = await world.open(LUCIA, locale=language)
    assert (await talk.say(WORDS[language]["ask"]))["status"] == "queued"
    return talk


async def test_while_the_desk_is_away_words_are_added_the_time_is_told_once_and_help_is_offered(
    world: World, language: str
) -> None:
    words = WORDS[language]
    world.clock.now = AWAY
    talk = await waiting(world, language)
    first = await talk.say(words["more"], at=without_model(world))
    assert words["opens"] in first["reply"]["text"]
    assert words["meanwhile"] in first["reply"]["text"]
    second = await talk.say(words["more"] + ".", at=without_model(world))
    assert second["reply"]["text"]
    assert words["opens"] not in second["reply"]["text"]
    assert words["meanwhile"] not in second["reply"]["text"]
    assert (first["status"], second["status"]) == ("queued", "queued")


async def test_whoever_then_asks_is_answered_and_keeps_their_place(world: World, language: str) -> None:
    words = WORDS[language]
    world.clock.now = AWAY
    talk = await waiting(world, language)
    await talk.say(words["more"])
    answer = await talk.say(words["wish"])
    assert "10002" in answer["reply"]["text"]
    assert (answer["status"], answer["handoff"]["status"]) == ("queued", "queued")


async def test_once_a_person_is_there_the_agent_is_silent(world: World, language: str) -> None:
    words = WORDS[language]
    world.clock.now = AWAY
    talk = await waiting(world, language)
    await talk.say(words["more"])
    await world.parts.desk.claim(Person("demo", "Alma"), (await talk.file()).handoffs[-1].id)
    answer = await talk.say(words["wish"], at=without_model(world))
    assert (answer["reply"], answer["status"]) == (None, "human")


async def test_at_the_desk_s_hours_the_agent_only_notes(world: World, language: str) -> None:
    words = WORDS[language]
    talk = await waiting(world, language)
    answer = await talk.say(words["wish"], at=without_model(world))
    assert (answer["status"], words["meanwhile"] in answer["reply"]["text"]) == ("queued", False)


@pytest.mark.parametrize("away", [False, True])
async def test_refusing_the_person_cancels_the_handoff_at_once_and_for_later(
    world: World, language: str, away: bool
) -> None:
    words = WORDS[language]
    if away:
        world.clock.now = AWAY
    talk = await waiting(world, language)
    answer = await talk.say(words["refuse"])
    assert (answer["status"], answer["handoff"]["status"]) == ("bot", HandoffStatus.RETURNED.value)
    after = await talk.say(words["wish"])
    assert "10002" in after["reply"]["text"]
    assert (after["status"], after["handoff"]) == ("bot", None)
    again = await talk.say(words["ask"])
    assert again["status"] == "queued", "whoever refused may still ask"


async def test_what_is_asked_along_with_the_refusal_is_answered(world: World, language: str) -> None:
    words = WORDS[language]
    talk = await waiting(world, language)
    answer = await talk.say(words["refuse_and_ask"])
    assert answer["status"] == "bot"
    assert "10002" in answer["reply"]["text"]


async def test_an_offer_turned_down_leaves_the_agent_in_charge(world: World, language: str) -> None:
    talk = await world.open(LUCIA, locale=language)
    answer = await talk.say(WORDS[language]["refuse"])
    assert (answer["status"], answer["handoff"]) == ("bot", None)


async def test_what_is_grave_is_not_refused(world: World, language: str) -> None:
    words = WORDS[language]
    talk = await world.open(LUCIA, locale=language)
    assert (await talk.say(words["grave"]))["status"] == "queued"
    assert (await talk.say(words["refuse"]))["status"] == "queued"
    other = await world.open(LUCIA, locale=language)
    await other.say(words["refuse"])
    assert (await other.say(words["grave"]))["status"] == "queued"
