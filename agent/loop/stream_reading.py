"""Reads a streamed chat completion straight from the wire: LangChain's and the SDK's objects for every word cost more than the words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from langchain_core.messages import AIMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.messages.tool import ToolCall, tool_call

from agent.loop.bad_completion import BadCompletion
from agent.loop.sentences import Sentences

MOST_CHARS = 20_000
MOST_CHUNKS = 4_000
LONGEST_LINE = 200_000
DRAIN_S = 0.5
DONE = b"[DONE]"
EVENTS = "text/event-stream"


class Streamed(Protocol):
    """An answer that has begun to come."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers."""
        ...

    def iter_bytes(self) -> AsyncIterator[bytes]:
        """Its body, as it comes."""
        ...


class BrokenStream(Exception):
    """The endpoint reported an error in the middle of its answer; its words are not kept."""


@dataclass(slots=True)
class _Call:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)

    def parsed(self) -> ToolCall:
        """Raises ``BadCompletion("invalid_tool_arguments")`` for arguments that are no JSON object as they came."""
        try:
            read = json.loads("".join(self.arguments) or "{}")
        except json.JSONDecodeError:
            raise BadCompletion("invalid_tool_arguments") from None
        if not isinstance(read, dict):
            raise BadCompletion("invalid_tool_arguments")
        return tool_call(name=self.name, args=read, id=self.id)


@dataclass(slots=True)
class _Made:
    """What has come so far."""

    text: list[str] = field(default_factory=list)
    calls: dict[int, _Call] = field(default_factory=dict)
    finish: str = ""
    model: str = ""
    usage: Mapping[str, Any] | None = None
    chars: int = 0
    chunks: int = 0

    def add(self, chunk: Mapping[str, Any]) -> str:
        """Take a chunk in; the words in it. Raises ``BadCompletion`` for a refusal and for more than is ever needed."""
        if chunk.get("error"):
            raise BrokenStream
        self.chunks += 1
        self.usage = chunk.get("usage") or self.usage
        self.model = chunk.get("model") or self.model
        words = ""
        for choice in (chunk.get("choices") or ())[:1]:
            self.finish = choice.get("finish_reason") or self.finish
            delta = choice.get("delta") or {}
            if delta.get("refusal"):
                raise BadCompletion("refusal")
            words = delta.get("content") or ""
            self._add_calls(delta.get("tool_calls") or ())
        self.chars += len(words)
        if self.chars > MOST_CHARS or self.chunks > MOST_CHUNKS:
            raise BadCompletion("too_long")
        self.text.append(words)
        return words

    def _add_calls(self, pieces: Any) -> None:
        for piece in pieces:
            call = self.calls.setdefault(piece.get("index") or 0, _Call())
            function = piece.get("function") or {}
            call.id = piece.get("id") or call.id
            call.name += function.get("name") or ""
            argument = function.get("arguments") or ""
            self.chars += len(argument)
            call.arguments.append(argument)

    def message(self) -> AIMessage:
        """The whole completion, as LangChain has it."""
        return AIMessage(
            "".join(self.text),
            tool_calls=[call.parsed() for call in self.calls.values()],
            usage_metadata=_usage(self.usage),
            response_metadata={"finish_reason": self.finish, "model_name": self.model},
        )


async def read_stream(answer: Streamed, heard: Sentences | None, silence_s: float) -> AIMessage:
    """The completion; its words are told to ``heard`` as they come.

    A stream that ends early has no finish reason. Raises ``TimeoutError`` when no chunk comes for ``silence_s`` seconds,
    comments not counted, ``BadCompletion``, ``BrokenStream``, and ``ValueError`` for what is no stream of chunks.
    """
    if not answer.headers.get("content-type", "").startswith(EVENTS):
        raise ValueError("not a stream")
    made = _Made()
    async with asyncio.timeout(silence_s) as patience, aclosing(_chunks(answer)) as chunks:
        async for chunk in chunks:
            if not patience.expired():
                patience.reschedule(asyncio.get_running_loop().time() + silence_s)
            words = made.add(chunk)
            if words and heard is not None:
                await heard.hear(words)
    return made.message()


async def _chunks(answer: Streamed) -> AsyncGenerator[Mapping[str, Any], None]:
    """The data of each event up to ``[DONE]``; comments and other fields are passed over."""
    rest, pieces = b"", answer.iter_bytes()
    async for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise BadCompletion("too_long")
        for line in lines:
            if len(line) > LONGEST_LINE:
                raise BadCompletion("too_long")
            data = line[5:].strip() if line.startswith(b"data:") else b""
            if data == DONE:
                await _drain(pieces)
                return
            if data:
                read = json.loads(data)
                if not isinstance(read, dict):
                    raise ValueError("not a chunk")
                yield read


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """To the end of the body, which frees the connection for the next request; who does not end it soon is hung up on."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            async for _ in pieces:
                pass


def _usage(told: Mapping[str, Any] | None) -> UsageMetadata | None:
    if not told:
        return None
    given, made = int(told.get("prompt_tokens") or 0), int(told.get("completion_tokens") or 0)
    cached = int((told.get("prompt_tokens_details") or {}).get("cached_tokens") or 0)
    return UsageMetadata(
        input_tokens=given,
        output_tokens=made,
        total_tokens=given + made,
        input_token_details=InputTokenDetails(cache_read=cached),
    )
