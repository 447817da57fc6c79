"""How many tokens a text is, roughly: exact tables differ by model and would have to be downloaded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage

CHARS = 3.5
"""Spanish, Portuguese and JSON take more tokens a character than English does (about 4): rather too many than too few."""
PER_MESSAGE = 4


def estimate_tokens(text: str) -> int:
    """Rounded up."""
    return -int(-len(text) // CHARS)


def estimate_messages(messages: Iterable[AnyMessage]) -> int:
    """All of them with the calls in them."""
    return sum(estimate_tokens(one.text + _calls(one)) + PER_MESSAGE for one in messages)


def estimate_tools(definitions: Sequence[Any]) -> int:
    """Tool definitions as they are sent."""
    return estimate_tokens(json.dumps(definitions, ensure_ascii=False))


def _calls(message: AnyMessage) -> str:
    return json.dumps(message.tool_calls, ensure_ascii=False) if isinstance(message, AIMessage) else ""
