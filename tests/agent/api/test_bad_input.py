"""Whatever is sent over HTTP is answered well by the real agent, in the shopper's language, and costs nobody a person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from evals.world import Library, World, open_world
from prompts.loader import Sentences

SENTENCES = Sentences.load()
LANGUAGES = ("es", "en", "pt")
ASKS_BACK = ("not_understood", "not_understood_again", "tell_me", "out_of_scope", "hello")
UNREADABLE = {
    "dots": "...",
    "signs": "?!…--***",
    "only emoji": "😡😡😡🔥",
    "one heart": "❤️",
    "looks binary": "\x01\x02%PDF-1.4 \ufffd\ufffd\x7f\x10 obj <</Len",
    "another script": "我的订单在哪里",
    "markup": "<script>alert(1)</script>",
    "endless digits": "1" * 3_000,
    "a keyboard hit by chance": "asdfghjkl",
}
STATUS = {
    "es": "¿dónde está mi pedido {}?",
    "en": "where is my order {}?",
    "pt": "onde está o meu pedido {}?",
}


@pytest.fixture
async def world(library: Library, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(library, tmp_path) as opened:
        yield opened


@pytest.fixture
async def shop(build_house: Any, world: World) -> Any:
    """The API on the demo shop and the real agent."""
    return await build_house(services=world.services, reception=world.reception)


def token_of(house: Any, world: World) -> str:
    until = int(world.clock().timestamp()) + 600
    return str(house.token(sub="lucia-hernandez", email="lucia.hernandez@example.mx", exp=until))


def said(key: str, language: str) -> list[str]:
    keys = range(SENTENCES.variants(f"social.{key}", language))
    return [SENTENCES.say(f"social.{key}", language, pick=pick) for pick in keys]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_cannot_be_read_is_asked_back_in_the_shoppers_language(shop: Any, text: str, language: str) -> None:
    talk = await shop.open(locale=language)
    turn = (await talk.say(text)).json()
    assert turn["language"] == language
    assert turn["reply"]["text"] in [one for key in ASKS_BACK for one in said(key, language)]
    assert (turn["status"], turn["handoff"], turn["actions"]) == ("bot", None, [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "   \n\t ", "\u200b\u200b", "a" * 4_001])
async def test_nothing_and_too_much_are_refused_with_a_problem(shop: Any, text: str, language: str) -> None:
    talk = await shop.open(locale=language)
    answer = await talk.say(text)
    assert answer.status_code in (413, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await talk.get("/messages")).json()["messages"] == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_right_to_left_text_keeps_its_number_and_is_asked_back(shop: Any, language: str) -> None:
    talk = await shop.open(locale=language)
    turn = (await talk.say("أين طلبي رقم 10002؟")).json()
    assert (turn["language"], turn["reply"]["text"]) == (language, said("got_it", language)[0])
    file = (await talk.get("/transcript")).json()
    assert "أين طلبي رقم 10002؟" in str(file)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", ["999999999", "10003", "ZZ-1"])
async def test_an_order_that_is_not_theirs_equals_no_order(shop: Any, world: World, number: str, language: str) -> None:
    talk = await shop.open(locale=language, shopper_token=token_of(shop, world))
    asked = STATUS[language]
    turn = (await talk.say(asked.format(number))).json()
    reply = turn["reply"]["text"]
    assert turn["status"] == "bot"
    assert "emma" not in reply.lower()
    assert "Heron" not in reply


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_bare_number_of_no_order_is_told_with_those_there_are(shop: Any, world: World, language: str) -> None:
    talk = await shop.open(locale=language, shopper_token=token_of(shop, world))
    turn = (await talk.say("99887")).json()
    assert "99887" in turn["reply"]["text"]
    assert "10002" in turn["reply"]["text"]
    assert turn["asks"] == ["order_number"]


async def test_unknown_ids_and_a_foreign_token_find_nothing(shop: Any) -> None:
    mine, other = await shop.open(), await shop.open()
    foreign = {"X-Conversation-Token": other.headers["X-Conversation-Token"]}
    assert (await mine.post("/messages", {"text": "hola"}, **foreign)).status_code == 404
    assert (await mine.post("/actions/act_nobody/confirm")).status_code == 404
    gone = type(mine)(mine.client, "cnv_nobody", mine.headers)
    assert (await gone.say("hola")).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
async def test_two_messages_at_once_are_answered_in_order(shop: Any, world: World, language: str) -> None:
    talk = await shop.open(locale=language, shopper_token=token_of(shop, world))
    asked = STATUS[language]
    first, second = await asyncio.gather(talk.say(asked.format("10002")), talk.say(asked.format("10001")))
    assert (first.status_code, second.status_code) == (200, 200)
    history = (await talk.get("/messages")).json()["messages"]
    assert sorted(one["who"] for one in history) == ["agent", "agent", "shopper", "shopper"]
    replies = [one["text"] for one in history if one["who"] == "agent"]
    shoppers = [one["text"] for one in history if one["who"] == "shopper"]
    for question, reply in zip(shoppers, replies, strict=True):
        number = "10002" if "10002" in question else "10001"
        assert number in reply


async def test_the_same_client_message_id_is_one_turn(shop: Any) -> None:
    talk = await shop.open()
    body = {"text": "hola", "client_message_id": "m-1"}
    one, two = await asyncio.gather(talk.post("/messages", body), talk.post("/messages", body))
    assert one.json()["id"] == two.json()["id"]
    assert len((await talk.get("/messages")).json()["messages"]) == 2
