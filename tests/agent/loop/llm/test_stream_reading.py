"""A stream read from the wire: whatever comes, in pieces of any size, is a completion or a named failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.loop.bad_completion import BadCompletion
from agent.loop.stream_reading import EVENTS, BrokenStream, read_stream
from evals.openai_answers import Asked, Completion, completion_chunks


@dataclass
class Wire:
    """An answer that comes in these pieces."""

    pieces: list[bytes]
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": f"{EVENTS}; charset=utf-8"})
    pause_s: float = 0.0

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.pause_s)
            yield piece


def body_of(completion: Completion, ending: bytes = b"data: [DONE]\n\n") -> bytes:
    chunks = completion_chunks(completion, 1, usage=True)
    return b"".join(f"data: {json.dumps(one, ensure_ascii=False)}\n\n".encode() for one in chunks) + ending


def read(*pieces: bytes, **more: Any) -> Any:
    return asyncio.run(read_stream(Wire(list(pieces), **more), None, 5.0))


TEXT = "Tu pedido está en camino 📦, llega mañana."
CALLS = (Asked.of("get_order", number="10001"), Asked.of("set_instructions", text="señal «azul»"))


@settings(deadline=None)
@given(st.lists(st.integers(1, 60), max_size=60))
def test_pieces_of_any_size_make_the_same_completion(sizes: list[int]) -> None:
    body = body_of(Completion(TEXT, CALLS, usage=(900, 40), piece=5))
    pieces, at = [], 0
    for size in sizes:
        pieces.append(body[at : at + size])
        at += size
    message = read(*pieces, body[at:])
    assert message.text == TEXT
    assert [(one["name"], one["args"]) for one in message.tool_calls] == [
        ("get_order", {"number": "10001"}), ("set_instructions", {"text": "señal «azul»"}),
    ]  # fmt: skip
    assert message.usage_metadata["input_tokens"] == 900
    assert message.response_metadata["finish_reason"] == "tool_calls"


def test_comments_and_carriage_returns_are_passed_over() -> None:
    body = b": hello\r\n\r\nevent: x\r\n" + body_of(Completion(TEXT)).replace(b"\n", b"\r\n")
    assert read(body).text == TEXT


def test_cached_tokens_are_told() -> None:
    usage = {"prompt_tokens": 9, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 7}}
    message = read(f"data: {json.dumps({'choices': [], 'usage': usage})}\n\n".encode())
    assert message.usage_metadata["input_token_details"] == {"cache_read": 7}


def test_an_end_without_a_reason_is_seen() -> None:
    chunk = {"choices": [{"index": 0, "delta": {"content": "Tu"}, "finish_reason": None}]}
    assert read(f"data: {json.dumps(chunk)}\n\n".encode()).response_metadata["finish_reason"] == ""


@pytest.mark.parametrize("arguments", ['{"number": 10', "null", "[1]", '"x"', "7"])
def test_arguments_that_are_no_object_are_refused(arguments: str) -> None:
    with pytest.raises(BadCompletion, match="invalid_tool_arguments"):
        read(body_of(Completion(calls=(Asked("get_order", arguments),))))


@pytest.mark.parametrize(
    ("completion", "cause"),
    [
        (Completion(refusal="I can't"), "refusal"), (Completion("va " * 9000, piece=900), "too_long"),
        (Completion("x" * 900_000, piece=900_000), "too_long"), (Completion("va " * 5000, piece=3), "too_long"),
    ],
    ids=["refusal", "long", "long line", "many"],
)  # fmt: skip
def test_what_is_refused_while_it_comes(completion: Completion, cause: str) -> None:
    with pytest.raises(BadCompletion, match=cause):
        read(body_of(completion))


def test_an_endless_line_is_given_up() -> None:
    with pytest.raises(BadCompletion, match="too_long"):
        read(*[b"data: " + b"x" * 90_000] * 4)


def test_an_error_in_the_middle_keeps_its_words_to_itself() -> None:
    with pytest.raises(BrokenStream) as broken:
        read(b'data: {"error": {"message": "sk-secret"}}\n\n')
    assert "sk-secret" not in str(broken.value)


@pytest.mark.parametrize("body", [b"data: {oh\n\n", b"data: [1]\n\n"])
def test_what_is_no_chunk_is_unreadable(body: bytes) -> None:
    with pytest.raises(ValueError):
        read(body)


def test_what_is_no_stream_is_unreadable() -> None:
    with pytest.raises(ValueError, match="not a stream"):
        read(b"<html>", headers={"content-type": "text/html"})


async def test_silence_ends_it_and_comments_are_silence() -> None:
    with pytest.raises(TimeoutError):
        await read_stream(Wire([b": still there\n\n"] * 50, pause_s=0.02), None, 0.1)
