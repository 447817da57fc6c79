"""What the local OpenAI-protocol server may answer: a sound completion, an error, or a connection that goes wrong."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Body = Mapping[str, Any]


DIMENSIONS = 256


class Trouble(StrEnum):
    """How a connection goes wrong: before anything is sent, or after half of a stream."""

    RESET = "reset"
    STALL = "stall"
    GARBAGE = "garbage"
    STALL_MIDWAY = "stall_midway"
    RESET_MIDWAY = "reset_midway"
    TRUNCATED = "truncated"
    """The stream ends properly, but without a finish reason and without ``[DONE]``."""
    ERROR_MIDWAY = "error_midway"
    DRIP = "drip"
    """A word now and then, for ever: no silence is long, and there is no end."""
    COMMENTS = "comments"
    """The connection is kept alive by comments, and nothing is said."""
    NO_STREAM = "no_stream"
    """A stream was asked for; one body comes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A tool call of the model: ``arguments`` are sent as they are, JSON or not."""

    name: str
    arguments: str = "{}"
    id: str = ""

    @classmethod
    def of(cls, name: str, /, **arguments: Any) -> Asked:
        """A call with well-formed arguments."""
        return cls(name, json.dumps(arguments, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply of the model.

    It is streamed in deltas of ``piece`` characters, tool arguments too. ``usage`` is (input, output) tokens. ``after``
    is a trouble that strikes when half of the deltas are out.
    """

    text: str = ""
    calls: Sequence[Asked] = ()
    refusal: str = ""
    finish: str = ""
    usage: tuple[int, int] = (900, 40)
    piece: int = 24
    after: Trouble | None = None

    @property
    def finish_reason(self) -> str:
        """The one given, else the one that fits."""
        return self.finish or ("tool_calls" if self.calls else "stop")


@dataclass(frozen=True, slots=True)
class Failure:
    """An HTTP error as the API words it."""

    status: int
    code: str = ""
    kind: str = "invalid_request_error"
    message: str = "boom: sk-secret-of-the-server"
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Completion | Failure | Trouble
Policy = Callable[[Body], Answer]


def in_turn(*answers: Answer) -> Policy:
    """These answers one after the other; a request too many is an error 500."""
    left = list(answers)

    def next_one(_: Body) -> Answer:
        return left.pop(0) if left else Failure(500, "script_exhausted", "server_error")

    return next_one


def always(answer: Answer) -> Policy:
    """The same answer for ever."""
    return lambda _: answer


def look_then_tell(call: Asked, text: str) -> Policy:
    """Two calls a turn: the tool call after the shopper's message, then the text."""

    def answer(body: Body) -> Answer:
        return Completion(calls=(call,)) if body["messages"][-1]["role"] == "user" else Completion(text)

    return answer


def completion_body(completion: Completion, serial: int) -> dict[str, Any]:
    """The answer to a request without ``stream``."""
    message: dict[str, Any] = {"role": "assistant", "content": completion.text or None}
    if completion.calls:
        message["tool_calls"] = [_call(one, serial, index) for index, one in enumerate(completion.calls)]
    if completion.refusal:
        message["refusal"] = completion.refusal
    choice = {"index": 0, "message": message, "finish_reason": completion.finish_reason}
    return {**_head(serial), "object": "chat.completion", "choices": [choice], "usage": _usage(completion)}


def completion_chunks(completion: Completion, serial: int, *, usage: bool) -> list[dict[str, Any]]:
    """The answer to a request with ``stream``, chunk by chunk; ``usage`` is sent only to who asked for it."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in _pieces(completion.text, completion.piece)]
    deltas += [{"refusal": piece} for piece in _pieces(completion.refusal, completion.piece)]
    for index, one in enumerate(completion.calls):
        call = _call(one, serial, index)
        deltas.append({"tool_calls": [{**call, "index": index, "function": {"name": one.name, "arguments": ""}}]})
        deltas += [
            {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
            for piece in _pieces(one.arguments, completion.piece)
        ]
    chunks = [_chunk(serial, [{"index": 0, "delta": delta, "finish_reason": None}]) for delta in deltas]
    chunks.append(_chunk(serial, [{"index": 0, "delta": {}, "finish_reason": completion.finish_reason}]))
    if usage:
        chunks.append({**_chunk(serial, []), "usage": _usage(completion)})
    return chunks


def embeddings_body(body: Body) -> dict[str, Any]:
    """Vectors by the words in each text, hashed with the model's name: another model, another space."""
    texts = [body["input"]] if isinstance(body["input"], str) else list(body["input"])
    rows = [_vector(str(text), str(body["model"])) for text in texts]
    if body.get("encoding_format") == "base64":
        rows = [base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode() for row in rows]  # type: ignore[misc]
    data = [{"object": "embedding", "index": index, "embedding": row} for index, row in enumerate(rows)]
    tokens = sum(len(str(text)) // 4 + 1 for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": body["model"], "usage": usage}


def _vector(text: str, model: str) -> list[float]:
    row = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        row[zlib.crc32(f"{model} {word[:6]}".encode()) % DIMENSIONS] += 1.0
    length = sum(value * value for value in row) ** 0.5 or 1.0
    return [value / length for value in row]


def failure_body(failure: Failure) -> dict[str, Any]:
    """The body of an error."""
    return {"error": {"message": failure.message, "type": failure.kind, "code": failure.code or None, "param": None}}


def _call(asked: Asked, serial: int, index: int) -> dict[str, Any]:
    function = {"name": asked.name, "arguments": asked.arguments}
    return {"id": asked.id or f"call_{serial}_{index}", "type": "function", "function": function}


def _head(serial: int) -> dict[str, Any]:
    return {"id": f"chatcmpl-{serial}", "created": 1_790_000_000 + serial, "model": "local"}


def _chunk(serial: int, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {**_head(serial), "object": "chat.completion.chunk", "choices": choices}


def _usage(completion: Completion) -> dict[str, int]:
    given, made = completion.usage
    return {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]
