"""Saying something, and reading what was said."""

from __future__ import annotations

import json
from typing import Any

import pytest

PK = {"Authorization": "Bearer pk_test"}


async def test_one_call_opens_a_conversation_and_answers(house: Any) -> None:
    turn = (await house.client.post("/v1/chat", json={"message": "hola"}, headers=PK)).json()
    assert turn["reply"]["text"] == "Me dices:\nhola"
    body = {"message": "otra", "conversation_id": turn["conversation_id"], "token": turn["token"]}
    again = (await house.client.post("/v1/chat", json=body, headers=PK)).json()
    assert again["conversation_id"] == turn["conversation_id"]
    assert "token" not in again


async def test_chat_takes_the_token_as_a_header_too_and_none_for_a_wrong_one(house: Any) -> None:
    talk = await house.open()
    body = {"message": "hola", "conversation_id": talk.id}
    for headers, status in ((talk.headers, 200), (PK, 404), ({**PK, "X-Conversation-Token": "no"}, 404)):
        assert (await house.client.post("/v1/chat", json=body, headers=headers)).status_code == status


async def test_opening_answers_id_token_and_the_disclosure_in_the_shoppers_language(house: Any) -> None:
    for locale, words in (("es-MX", "inteligencia artificial"), ("en", "AI"), ("pt-BR", "inteligência artificial")):
        response = await house.client.post("/v1/conversations", json={"locale": locale}, headers=PK)
        assert response.status_code == 201
        assert words in response.json()["disclosure"]
        assert "Tienda Sol" in response.json()["disclosure"]


async def test_what_a_storefront_gives_along_cannot_pass_for_what_we_know(house: Any) -> None:
    talk = await house.open(metadata={"customer_name": "Mallory", "person_declined": True})
    head, _ = await house.parts.services.store.find("demo", talk.id)
    assert head.metadata == {"storefront": {"customer_name": "Mallory", "person_declined": True}}


async def test_a_message_sent_twice_is_answered_once(house: Any) -> None:
    talk = await house.open()
    body = {"text": "hola", "client_message_id": "m-1"}
    first, second = await talk.post("/messages", body), await talk.post("/messages", body)
    assert first.json() == second.json()
    assert len((await talk.get("/messages")).json()["messages"]) == 2


CLEANED = (
    ("  hola \n", "hola"),
    ("an\u0303o", "año"),
    ("a\x00b\x07c", "abc"),
    ("a\ud800b", "ab"),
    ("uno\r\ndos\rtres\tx", "uno\ndos\ntres\tx"),
    ("👍", "👍"),
    ("x" * 4000, "x" * 4000),
    ("e\u0301" * 4000, "é" * 4000),
)


@pytest.mark.parametrize(("sent", "read"), CLEANED, ids=lambda one: ascii(one)[:20])
async def test_a_text_is_normalised_and_freed_of_controls(house: Any, sent: str, read: str) -> None:
    talk = await house.open()
    body = json.dumps({"text": sent})
    headers = {**talk.headers, "Content-Type": "application/json"}
    assert (await house.client.post(f"{talk.path}/messages", content=body, headers=headers)).status_code == 200
    assert house.clerk.moves[-1].text == read


NOTHING = ("", " ", "\n\t", "\x00", "\u200b\u200d", "\u00a0\u2003", "\ufeff")


@pytest.mark.parametrize("text", NOTHING, ids=ascii)
async def test_a_text_with_nothing_to_read_is_refused(house: Any, text: str) -> None:
    talk = await house.open()
    response = await talk.say(text)
    assert response.status_code == 422
    assert response.json()["errors"] == [{"at": "body.text", "message": "There is nothing to read in the text."}]
    assert house.clerk.moves == []


async def test_a_text_over_4000_characters_is_refused(house: Any) -> None:
    talk = await house.open()
    response = await talk.say("x" * 4001)
    assert (response.status_code, house.clerk.moves) == (422, [])
    assert "4,000" in response.json()["detail"]


@pytest.mark.parametrize(
    "body", [b'{"text": "\\ud800"}', b'{"text": "\xff"}', b"{", b"", b"[]", b'{"text": 1}', b"[" * 99_999]
)
async def test_a_body_that_is_not_what_it_should_be_is_refused(house: Any, body: bytes) -> None:
    talk = await house.open()
    headers = {**talk.headers, "Content-Type": "application/json"}
    response = await house.client.post(f"{talk.path}/messages", content=body, headers=headers)
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


BAD_METADATA = (
    {f"k{n}": 1 for n in range(21)},
    {"k": "x" * 501},
    {"k": {"deep": 1}},
    {"k": [1]},
    {"k": 10**400},
    {"k" * 65: 1},
    {"with space": 1},
)


@pytest.mark.parametrize("metadata", BAD_METADATA, ids=lambda one: str(one)[:30])
async def test_metadata_has_its_bounds(house: Any, metadata: dict[str, Any]) -> None:
    response = await house.client.post("/v1/conversations", json={"metadata": metadata}, headers=PK)
    assert response.status_code == 422


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_metadata_has_no_numbers_that_json_has_not(house: Any, number: str) -> None:
    headers = {**PK, "Content-Type": "application/json"}
    body = f'{{"metadata": {{"k": {number}}}}}'
    assert (await house.client.post("/v1/conversations", content=body, headers=headers)).status_code == 422


async def test_a_field_that_does_not_exist_is_told(house: Any) -> None:
    talk = await house.open()
    response = await talk.post("/messages", {"text": "hola", "mesage": "x"})
    assert response.json()["errors"][0]["at"] == "body.mesage"


async def test_history_comes_in_pages(house: Any) -> None:
    talk = await house.open()
    for text in ("uno", "dos"):
        await talk.say(text)
    first = (await talk.get("/messages", limit=3)).json()
    rest = (await talk.get("/messages", after=first["next_after"])).json()
    assert [one["seq"] for one in first["messages"]] == [1, 2, 3]
    assert [(one["seq"], one["who"]) for one in rest["messages"]] == [(4, "agent")]
    assert rest["next_after"] is None


async def test_a_proposal_waits_and_is_confirmed(house: Any) -> None:
    talk = await house.open()
    proposed = (await talk.say("cambia")).json()["actions"][0]
    assert (await talk.get()).json()["actions"] == [proposed]
    turn = (await talk.post(f"/actions/{proposed['id']}/confirm")).json()
    assert turn["actions"][0]["status"] == "executed"
    assert (await talk.get()).json()["actions"] == []


@pytest.mark.parametrize("decision", ["confirm", "reject", "undo"])
async def test_an_unknown_or_a_strangers_proposal_is_not_found(house: Any, decision: str) -> None:
    talk, other = await house.open(), await house.open()
    action = (await other.say("cambia")).json()["actions"][0]
    moves = len(house.clerk.moves)
    for action_id in ("act_unknown", action["id"]):
        assert (await talk.post(f"/actions/{action_id}/{decision}")).status_code == 404
    assert len(house.clerk.moves) == moves


async def test_the_button_gets_a_person(house: Any) -> None:
    talk = await house.open()
    turn = (await talk.post("/handoff")).json()
    assert (turn["status"], turn["handoff"]["status"], turn["handoff"]["position"]) == ("queued", "queued", 1)
    state = (await talk.get()).json()
    assert (state["status"], state["handoff"]["position"]) == ("queued", 1)


RATINGS = (
    ({"rating": 5}, 204),
    ({"nps": 0}, 204),
    ({"resolved": False}, 204),
    ({"comment": "bien"}, 204),
    ({}, 422),
    ({"rating": 6}, 422),
    ({"rating": 0}, 422),
    ({"nps": 11}, 422),
    ({"rating": "5.5"}, 422),
)


@pytest.mark.parametrize(("body", "status"), RATINGS)
async def test_feedback_says_something_within_its_scale(house: Any, body: dict[str, Any], status: int) -> None:
    talk = await house.open()
    assert (await talk.post("/feedback", body)).status_code == status


@pytest.mark.parametrize(
    ("form", "kind"), [("json", "application/json"), ("md", "text/markdown"), ("html", "text/html")]
)
async def test_the_transcript_has_what_was_said_with_markup_as_text(house: Any, form: str, kind: str) -> None:
    talk = await house.open()
    await talk.say("hola <script>")
    response = await talk.get("/transcript", format=form)
    assert response.headers["content-type"].startswith(kind)
    assert ("&lt;script&gt;" if form == "html" else "<script>") in response.text
    if form != "json":
        assert "Asistente virtual (IA)" in response.text


async def test_erased_is_gone(house: Any) -> None:
    talk = await house.open()
    await talk.say("hola")
    erased = await house.client.delete(talk.path, headers=talk.headers)
    assert (erased.status_code, erased.content) == (204, b"")
    assert (await talk.get()).status_code == 404
    assert (await talk.say("hola")).status_code == 404


@pytest.mark.parametrize(
    "field", ["conversation_id", "token", "shopper_token", "locale", "channel", "client_message_id"]
)
async def test_no_other_field_takes_a_lone_surrogate(house: Any, field: str) -> None:
    talk = await house.open()
    whole = {"message": "hola", "conversation_id": talk.id, "token": talk.headers["X-Conversation-Token"]}
    body = json.dumps({**whole, field: "\ud800"})
    headers = {**PK, "Content-Type": "application/json"}
    assert (await house.client.post("/v1/chat", content=body, headers=headers)).status_code == 422


async def test_who_signs_in_later_is_known_from_that_message_on(house: Any) -> None:
    talk = await house.open()
    body = {"message": "hola", "conversation_id": talk.id, "shopper_token": house.token()}
    assert (await house.client.post("/v1/chat", json=body, headers=talk.headers)).status_code == 200
    headers = {**talk.headers, "X-Conversation-Id": talk.id, "X-Shopper-Token": house.token()}
    body = {"messages": [{"role": "user", "content": "hola"}]}
    assert (await house.client.post("/v1/chat/completions", json=body, headers=headers)).status_code == 200
    assert [move.claims.sub for move in house.clerk.moves] == ["C-1", "C-1"]
