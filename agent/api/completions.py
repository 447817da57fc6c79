"""A turn in the form of OpenAI's chat completions."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic_core import PydanticCustomError

from agent.api.turn_stream import TurnStream
from agent.api.wire.completions import MODEL, CompletionIn, CompletionMessage
from agent.api.wire.text import message_text
from agent.conversation import Event, Json
from agent.errors import Invalid

LAST_FRAME = format_sse_event(data_str="[DONE]")


INSTRUCTIONS = frozenset({"system", "developer"})


def said_in(asked: CompletionIn) -> str:
    """What the shopper says: the last message, which has to be the user's.

    Instructions of the caller are passed over. A list that ends with the assistant's words has nothing new of the shopper in
    it: their last "yes" was to something else, and is not heard again. Raises ``Invalid`` when there is nothing to read.
    """
    last = next((message for message in reversed(asked.messages) if message.role not in INSTRUCTIONS), None)
    if last is None or last.role != "user":
        raise Invalid("messages: the last one has to be new and of the role `user`.")
    try:
        return message_text(_text_of(last))
    except PydanticCustomError as error:
        raise Invalid(f"messages: {error.message()}") from None


def _text_of(message: CompletionMessage) -> str:
    if isinstance(message.content, list):
        return "\n".join(part.text for part in message.content if part.type == "text")
    return message.content or ""


def completion_of(turn: Json, completion_id: str, created: int) -> dict[str, Any]:
    """The whole reply at once."""
    reply = {"role": "assistant", "content": turn["reply"]["text"] if turn["reply"] else ""}
    return {
        "id": completion_id,
        "object": "chat.completion",
        "created": created,
        "model": MODEL,
        "choices": [{"index": 0, "message": reply, "finish_reason": "stop"}],
        "usage": _usage(turn),
        "postventa": turn,
    }


@dataclass(frozen=True, slots=True)
class Chunks:
    """The reply in pieces."""

    completion_id: str
    created: int
    with_usage: bool

    async def frames(self, stream: TurnStream) -> AsyncIterator[bytes]:
        """The turn's words as chunks, then ``[DONE]``. What goes wrong comes as an ``error`` in their place."""
        yield self._chunk({"role": "assistant", "content": ""})
        in_pieces = False
        async for events in stream.events():
            sent = []
            for event in events:
                if event.type == "message.delta" or (event.type == "message.completed" and not in_pieces):
                    in_pieces = True
                    sent.append(self._chunk({"content": event.data["text"]}))
                elif event.type in ("done", "error"):
                    sent.append(self._end(event))
            if sent or not events:
                yield b"".join(sent) or KEEPALIVE_COMMENT
        yield LAST_FRAME

    def _end(self, event: Event) -> bytes:
        if event.type == "error":
            problem = event.data
            error = {"message": problem["detail"], "type": problem["type"], "code": problem["status"]}
            return format_sse_event(data_str=json.dumps({"error": error}, ensure_ascii=False))
        end = self._chunk({}, finish_reason="stop")
        if self.with_usage:
            end += self._frame([], _usage(event.data["turn"]))
        return end

    def _chunk(self, delta: Json, finish_reason: str | None = None) -> bytes:
        return self._frame([{"index": 0, "delta": delta, "finish_reason": finish_reason}], None)

    def _frame(self, choices: list[dict[str, Any]], usage: Json | None) -> bytes:
        chunk: dict[str, Any] = {
            "id": self.completion_id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": MODEL,
            "choices": choices,
        }
        if self.with_usage:
            chunk["usage"] = usage
        return format_sse_event(data_str=json.dumps(chunk, ensure_ascii=False))


def _usage(turn: Json) -> dict[str, int]:
    read, written = turn["usage"]["input_tokens"], turn["usage"]["output_tokens"]
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
