"""The local server speaks the protocol as the official client reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import openai
import pytest

from evals.openai_answers import Asked, Completion, Failure, Policy, always, in_turn, look_then_tell
from evals.openai_server import OpenAIServer

ASK: dict[str, Any] = {"model": "local", "messages": [{"role": "user", "content": "hola"}]}
Connect = Callable[[Policy], Any]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    async with AsyncExitStack() as stack:

        async def connected(policy: Policy) -> tuple[OpenAIServer, openai.AsyncOpenAI]:
            server = await stack.enter_async_context(OpenAIServer(policy))
            client = openai.AsyncOpenAI(base_url=server.base_url, api_key="sk-x", max_retries=0)
            return server, await stack.enter_async_context(client)

        yield connected


async def test_a_completion_without_streaming(connect: Connect) -> None:
    server, client = await connect(always(Completion("Hola, ¿qué tal?", usage=(7, 5))))
    answer = await client.chat.completions.create(**ASK)
    assert answer.choices[0].message.content == "Hola, ¿qué tal?"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (7, 5)
    assert server.requests == [ASK]


async def test_a_streamed_call_arrives_in_pieces_that_make_one(connect: Connect) -> None:
    _, client = await connect(always(Completion(calls=(Asked.of("get_order", number="10002"),), piece=4)))
    stream = await client.chat.completions.create(**ASK, stream=True)
    chunks = [chunk async for chunk in stream]
    calls = [call for chunk in chunks for one in chunk.choices for call in one.delta.tool_calls or ()]
    assert (calls[0].id, calls[0].function.name) == ("call_1_0", "get_order")
    assert "".join(call.function.arguments or "" for call in calls) == '{"number": "10002"}'
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize("wanted", [True, False])
async def test_usage_is_streamed_only_to_who_asks_for_it(connect: Connect, wanted: bool) -> None:
    _, client = await connect(always(Completion("hola")))
    options = {"stream_options": {"include_usage": True}} if wanted else {}
    stream = await client.chat.completions.create(**ASK, **options, stream=True)
    assert any([chunk.usage is not None async for chunk in stream]) is wanted


async def test_a_refusal_without_streaming(connect: Connect) -> None:
    _, client = await connect(always(Completion(refusal="No puedo.")))
    answer = await client.chat.completions.create(**ASK)
    assert (answer.choices[0].message.content, answer.choices[0].message.refusal) == (None, "No puedo.")


async def test_errors_carry_their_code_and_headers(connect: Connect) -> None:
    _, client = await connect(always(Failure(429, "insufficient_quota", headers={"retry-after": "7"})))
    with pytest.raises(openai.RateLimitError) as caught:
        await client.chat.completions.create(**ASK)
    assert caught.value.code == "insufficient_quota"
    assert caught.value.response.headers["retry-after"] == "7"


async def test_a_script_that_is_over_fails_aloud(connect: Connect) -> None:
    _, client = await connect(in_turn(Completion("uno")))
    await client.chat.completions.create(**ASK)
    with pytest.raises(openai.InternalServerError, match="boom"):
        await client.chat.completions.create(**ASK)


async def test_a_turn_is_a_look_and_a_sentence(connect: Connect) -> None:
    _, client = await connect(look_then_tell(Asked("list_orders"), "Listo."))
    first = await client.chat.completions.create(**ASK)
    assert first.choices[0].message.tool_calls[0].function.name == "list_orders"
    answered = [
        *ASK["messages"],
        first.choices[0].message,
        {"role": "tool", "tool_call_id": "call_1_0", "content": "{}"},
    ]
    second = await client.chat.completions.create(model="local", messages=answered)
    assert second.choices[0].message.content == "Listo."


async def test_another_path_is_not_found(connect: Connect) -> None:
    _, client = await connect(always(Completion("hola")))
    with pytest.raises(openai.NotFoundError):
        await client.models.list()
