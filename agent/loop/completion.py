"""Refuses completions that LangChain lets through as if all were well."""

from __future__ import annotations

import json
import re

from langchain_core.messages import AIMessage

from agent.loop.bad_completion import BadCompletion
from agent.loop.reply_language import language_of

MOST_CHARS = 6000
MOST_CALLS = 8
CUT_SHORT = (
    ("content_filter", "content_filter"),
    ("safety", "content_filter"),
    ("refusal", "refusal"),
    ("length", "length"),
    ("max_tokens", "length"),
)
"""How providers say that a completion is not whole."""
CALL_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)


def check_completion(message: AIMessage, languages: frozenset[str]) -> None:
    """Raise ``BadCompletion`` for a message that no shopper should see and no tool should run on.

    ``languages`` are those the reply may be in. A stream that broke off has no finish reason; a refusal in a stream
    arrives as an empty message.
    """
    told = message.response_metadata
    finish = str(told.get("finish_reason") or told.get("stop_reason") or told.get("stopReason") or "").lower()
    if message.additional_kwargs.get("refusal"):
        raise BadCompletion("refusal")
    if not finish:
        raise BadCompletion("truncated_stream")
    for word, cause in CUT_SHORT:
        if word in finish:
            raise BadCompletion(cause)
    if message.invalid_tool_calls:
        raise BadCompletion("invalid_tool_arguments")
    if message.tool_calls:
        _check_calls(message)
    else:
        _check_text(message.text.strip(), languages)


def _check_calls(message: AIMessage) -> None:
    ids = [str(call["id"] or "") for call in message.tool_calls]
    if len(ids) > MOST_CALLS:
        raise BadCompletion("too_many_tool_calls")
    if len(set(ids)) < len(ids) or not all(CALL_ID.fullmatch(one) for one in ids):
        raise BadCompletion("invalid_tool_call_id")
    for call in message.tool_calls:
        _check_printable(call["name"] + json.dumps(call["args"], ensure_ascii=False))


def _check_text(text: str, languages: frozenset[str]) -> None:
    if not text:
        raise BadCompletion("empty")
    if len(text) > MOST_CHARS:
        raise BadCompletion("too_long")
    _check_printable(text)
    spoken = language_of(text)
    if spoken is not None and spoken not in languages:
        raise BadCompletion("wrong_language")


def _check_printable(text: str) -> None:
    """Half surrogates and NUL can be neither stored nor sent."""
    if "\x00" in text or "\\u0000" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise BadCompletion("unprintable")
