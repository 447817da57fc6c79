"""An answer that was asked for and not given before is tried before anybody speaks of going round in circles."""

from __future__ import annotations

from typing import Any

import pytest

from evals.world import World

TALKS = {
    "es": ("¿dónde está mi pedido?", "10001 y es ana@example.com", "10002 y es ana@example.com",
           "perdón, es 10003 y emma.clark@example.com"),
    "en": ("where is my order?", "10001, ana@example.com", "10002, ana@example.com",
           "sorry: 10003 and emma.clark@example.com"),
    "pt": ("cadê meu pedido?", "10001, ana@example.com", "10002, ana@example.com",
           "desculpa: 10003 e emma.clark@example.com"),
}  # fmt: skip
PERSON = {"es": "persona", "en": "person", "pt": "pessoa"}


@pytest.fixture
async def world(make_world: Any, library: Any) -> World:
    """With the rules that ship."""
    return await make_world(thinking=library.thinking)


@pytest.mark.parametrize("language", TALKS)
async def test_the_right_number_after_two_wrong_ones_is_answered_and_a_person_offered_once(
    world: World, language: str
) -> None:
    first, wrong, wrong_again, right = TALKS[language]
    talk = await world.open("", locale=language)
    await talk.say(first)
    await talk.say(wrong)
    doubtful = await talk.say(wrong_again)
    assert doubtful["status"] == "bot"
    assert doubtful["reply"]["text"].count(PERSON[language]) == 1
    answer = await talk.say(right)
    assert answer["status"] == "bot"
    assert "10003" in answer["reply"]["text"]
    assert answer["cards"]


@pytest.mark.parametrize("language", TALKS)
async def test_the_same_wrong_answer_again_and_again_ends_with_a_person(world: World, language: str) -> None:
    first, wrong, *_ = TALKS[language]
    talk = await world.open("", locale=language)
    await talk.say(first)
    answers = [await talk.say(wrong) for _ in range(5)]
    assert answers[-1]["status"] == "queued"
