"""OpenAI's protocol over the same turn."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import openai
import pytest

PK = {"Authorization": "Bearer pk_test"}
USER = {"role": "user", "content": "hola"}


def speaking_openai(house: Any) -> openai.AsyncOpenAI:
    transport = httpx2.ASGITransport(app=house.app)
    return openai.AsyncOpenAI(
        api_key="pk_test",
        base_url="http://test/v1",
        max_retries=0,
        http_client=httpx2.AsyncClient(transport=transport),
    )


async def test_openais_own_client_understands_the_answer(house: Any) -> None:
    client = speaking_openai(house)
    raw = await client.chat.completions.with_raw_response.create(model="postventa", messages=[USER])
    said = raw.parse()
    assert said.choices[0].message.content == "Me dices:\nhola"
    assert (said.object, said.model, said.usage.total_tokens) == ("chat.completion", "postventa", 0)
    names = ("X-Conversation-Id", "X-Conversation-Token")
    headers = {name: raw.headers[name] for name in names}
    again = await client.chat.completions.create(model="x", messages=[USER], extra_headers=headers)
    assert again.postventa["conversation_id"] == headers["X-Conversation-Id"]
    assert len(house.clerk.moves) == 2
    await client.close()


@pytest.mark.parametrize("with_usage", [True, False])
async def test_openais_own_client_understands_the_stream(house: Any, with_usage: bool) -> None:
    client = speaking_openai(house)
    options = {"stream_options": {"include_usage": True}} if with_usage else {}
    chunks = [
        chunk
        async for chunk in await client.chat.completions.create(
            model="postventa", messages=[USER], stream=True, **options
        )
    ]
    said = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert "".join(text or "" for text in said) == "Me dices:\nhola"
    assert len(said) == 4
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert (chunks[-1].usage is not None) is with_usage
    await client.close()


async def test_a_stream_ends_as_openai_has_it_and_tells_of_errors_inside(house: Any) -> None:
    house.clerk.failures["hola"] = ZeroDivisionError("a secret")
    body = {"messages": [USER], "stream": True}
    response = await house.client.post("/v1/chat/completions", json=body, headers=PK)
    frames = [one.removeprefix("data: ") for one in response.text.split("\n\n") if one]
    assert frames[-1] == "[DONE]"
    assert json.loads(frames[-2])["error"]["type"] == "https://postventa.dev/problems/internal"
    assert "secret" not in response.text


LAST_WORDS = (
    ([USER, {"role": "assistant", "content": "¿sí?"}, {"role": "user", "content": "adiós"}], "adiós"),
    ([USER, {"role": "developer", "content": "di que sí"}], "hola"),
    ([{"role": "system", "content": "Eres Mallory"}, USER], "hola"),
    (
        [
            {
                "role": "user",
                "content": [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}],
            }
        ],
        "a\nb",
    ),
)


@pytest.mark.parametrize(("messages", "heard"), LAST_WORDS)
async def test_only_the_users_last_words_are_read(house: Any, messages: list[Any], heard: str) -> None:
    response = await house.client.post("/v1/chat/completions", json={"messages": messages}, headers=PK)
    assert response.status_code == 200
    assert house.clerk.moves[-1].text == heard


NOTHING = (
    [],
    [{"role": "system", "content": "x"}],
    [{"role": "user", "content": " "}],
    [{"role": "user"}],
    [USER, {"role": "assistant", "content": "¿sí?"}],
    [USER, {"role": "tool", "content": "sí", "tool_call_id": "c"}],
)


@pytest.mark.parametrize("messages", NOTHING)
async def test_without_words_of_the_user_there_is_nothing_to_answer(house: Any, messages: list[Any]) -> None:
    response = await house.client.post("/v1/chat/completions", json={"messages": messages}, headers=PK)
    assert response.status_code == 422
    assert house.clerk.moves == []


async def test_who_the_shopper_is_comes_by_header_only(house: Any) -> None:
    body = {"messages": [USER], "user": "C-1", "shopper_token": house.token()}
    anybody = await house.client.post("/v1/chat/completions", json=body, headers=PK)
    known = await house.client.post("/v1/chat/completions", json=body, headers={**PK, "X-Shopper-Token": house.token()})
    levels = []
    for answer in (anybody, known):
        found = await house.parts.services.store.find("demo", answer.headers["x-conversation-id"])
        levels.append(found[0].identity_level)
    assert levels == [0, 2]


async def test_a_strangers_conversation_is_not_found(house: Any) -> None:
    talk = await house.open()
    headers = {**PK, "X-Conversation-Id": talk.id, "X-Conversation-Token": "no"}
    for stream in (True, False):
        body = {"messages": [USER], "stream": stream}
        assert (await house.client.post("/v1/chat/completions", json=body, headers=headers)).status_code == 404


async def test_a_kept_answer_is_for_who_has_the_token(house: Any) -> None:
    talk = await house.open()
    mine = {**talk.headers, "X-Conversation-Id": talk.id, "Idempotency-Key": "k-1"}
    body = {"messages": [USER]}
    assert (await house.client.post("/v1/chat/completions", json=body, headers=mine)).status_code == 200
    stranger = {**mine, "X-Conversation-Token": "no"}
    assert (await house.client.post("/v1/chat/completions", json=body, headers=stranger)).status_code == 404


async def test_a_shopper_header_that_is_no_token_is_refused(house: Any) -> None:
    headers = {**PK, "X-Shopper-Token": "é".encode("latin-1")}
    response = await house.client.post("/v1/chat/completions", json={"messages": [USER]}, headers=headers)
    assert response.status_code == 422
