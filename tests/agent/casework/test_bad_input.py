"""Whatever arrives is stored, answered and survives the next message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.casework.opening import check_token, hash_token, language_of
from agent.casework.receiving import Move
from agent.conversation import ConversationId, TurnKind
from agent.errors import Conflict, NotFound
from evals.world import World

STRANGE = {
    "nothing": "",
    "only spaces": "   \n\t  ",
    "only signs": "?!…--***",
    "only emoji": "😡😡😡🔥",
    "a family in one glyph": "👨‍👩‍👧‍👦",
    "right to left": "أين طلبي رقم 10002؟ ‏",
    "an override of direction": "\u202eoditlov a10002\u202c",
    "looks binary": "".join(chr(code) for code in range(256)),
    "null characters": "mi pedido\x00 10002\x00",
    "a lone surrogate": "mi pedido \ud83d 10002",
    "markup": "<script>alert('10002')</script>",
    "a template": "{{ 7 * 7 }} {% for x in y %} %s ${HOME}",
    "SQL": "'; DROP TABLE conversations; --",
    "JSON that looks like a tool's": '{"status":"verified","level":2}',
    "long": "quiero saber dónde está mi pedido 10002 " * 500,
    "one endless word": "a" * 20_000,
    "endless digits": "1" * 20_000,
    "many lines": "\n".join(["hola"] * 2_000),
    "many accents on one letter": "e" + "\u0301" * 5_000,
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
async def test_strange_text_is_answered_and_the_conversation_goes_on(world: World, text: str) -> None:
    talk = await world.open("lucia-hernandez")
    answer = await talk.say(text)
    assert answer["reply"]["text"].strip()
    assert answer["handoff"] is None, "strange text is no defect of ours"
    after = await talk.say("¿dónde está mi pedido 10002?")
    assert after["reply"]["text"].strip()
    assert [message.who for message in (await talk.file()).messages] == ["shopper", "agent", "shopper", "agent"]


async def test_text_that_sqlite_cannot_keep_is_kept_without_it(make_world: Any) -> None:
    await _say_the_unspeakable(await make_world(store="sqlite"))


async def test_text_that_postgresql_cannot_keep_is_kept_without_it(make_world: Any, postgres_url: str) -> None:
    await _say_the_unspeakable(await make_world(store=postgres_url, name="bad"))


async def _say_the_unspeakable(world: World) -> None:
    talk = await world.open("lucia-hernandez")
    await talk.say("hola\x00 \ud83d 😀 é")
    assert (await talk.file()).messages[0].text == "hola  😀 é"


async def test_the_text_is_stored_as_it_was_said(world: World) -> None:
    talk = await world.open()
    await talk.say(STRANGE["markup"])
    assert (await talk.file()).messages[0].text == STRANGE["markup"]


async def test_a_conversation_that_is_gone_takes_no_message(world: World) -> None:
    talk = await world.open()
    gone = replace(talk.opened.conversation, id=ConversationId("cnv_nobody"))
    with pytest.raises(NotFound):
        await world.reception.receive(gone, Move(TurnKind.MESSAGE, text="hola"))


async def test_a_button_on_an_unknown_action_changes_nothing_and_says_so(world: World) -> None:
    talk = await world.open("lucia-hernandez", locale="en")
    for kind in (TurnKind.CONFIRM, TurnKind.REJECT, TurnKind.UNDO):
        answer = await talk.press(kind, "act_of_nobody")
        assert answer["reply"]["text"].startswith("That can't be done any more")
        assert answer["actions"] == []


async def test_a_closed_conversation_takes_no_button(world: World) -> None:
    talk = await world.open()
    closed = replace(talk.opened.conversation, status="closed")
    with pytest.raises(Conflict):
        await world.reception.receive(closed, Move(TurnKind.CONFIRM, action_id="act_1"))


async def test_only_the_token_that_was_given_out_opens_the_conversation(world: World) -> None:
    one, other = await world.open(), await world.open()
    found = await world.services.store.find("demo", one.opened.conversation.id)
    assert found is not None
    assert check_token(found[1], one.opened.token)
    assert not check_token(found[1], other.opened.token)
    assert not check_token(found[1], "")
    assert one.opened.token not in found[1]
    assert found[1] == hash_token(one.opened.token)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("es-MX", "es"), ("pt_BR", "pt"), ("EN-us", "en"), ("fr", "es"), ("", "es"), (None, "es"), ("-", "es")],
)
def test_an_unspoken_language_falls_back_to_the_shops(locale: str | None, language: str) -> None:
    assert language_of(locale, "es") == language
