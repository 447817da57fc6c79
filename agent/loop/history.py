"""The stored conversation as messages for an LLM: what was said, with the tools of the last turns in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.conversation import CaseFile, Message, Speaker, ToolCall
from agent.loop.tokens import estimate_messages

MESSAGES = 24
KEPT = 10
"""Messages left when the older ones are summed up."""
TURNS_WITH_TOOLS = 6
TOKENS = 6000
NO_RESULT = '{"error":"no_result","ask_again":true}'

_ID = re.compile(r"[\w.:-]{1,40}", re.ASCII)
_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)


def history_of(
    file: CaseFile, ending: str, made: Sequence[ToolCall] = (), *, tokens: int = TOKENS, after: int = -1
) -> list[AnyMessage]:
    """The last messages in order, ending with the shopper's, and after it the calls ``made`` in this turn already.

    Those up to number ``after`` are summed up elsewhere.

    What exceeds ``tokens`` (an estimate) goes: the oldest tool answers first, then the oldest messages. The shopper's last
    one and this turn's calls stay whatever they take; facts are in the brief and never lost.

    ``ending`` stands in its place when the shopper wrote nothing: they pressed a button. The sequence is one that
    endpoints accept: it begins with the shopper, each tool message follows its call, no id comes twice.
    """
    window = [one for one in file.messages if one.seq > after or one is file.messages[-1]][-MESSAGES:]
    replies = [one.turn_id for one in window if one.who is Speaker.AGENT and one.turn_id]
    shown = replies[-TURNS_WITH_TOOLS:]
    told = calls_as_messages(made)
    left = tokens - estimate_messages(told)
    history = _in_order(window, file.tool_calls, shown)
    while len(window) > 1 and estimate_messages(history) > left:
        if shown:
            del shown[0]
        else:
            del window[0]
        history = _in_order(window, file.tool_calls, shown)
    if not history or not isinstance(history[-1], HumanMessage):
        history.append(HumanMessage(ending))
    return _with_own_ids([*history, *told])


def _in_order(window: Sequence[Message], made: Sequence[ToolCall], shown: Sequence[str]) -> list[AnyMessage]:
    """The messages, with the calls of the shown turns before their replies; the first one is the shopper's."""
    calls: dict[str, list[ToolCall]] = {}
    for call in made:
        if call.turn_id in shown:
            calls.setdefault(call.turn_id, []).append(call)
    history = [one for message in window for one in _told(message, calls)]
    while history and not isinstance(history[0], HumanMessage):
        del history[0]
    return history


def calls_as_messages(calls: Iterable[ToolCall]) -> list[AnyMessage]:
    """Each call with its result. A name no endpoint would take back is left out; a result that is missing is named so."""
    told: list[AnyMessage] = []
    for call in calls:
        if not _NAME.fullmatch(call.name):
            continue
        told.append(AIMessage("", tool_calls=[{"name": call.name, "args": dict(call.arguments), "id": call.id}]))
        told.append(ToolMessage(call.result or NO_RESULT, tool_call_id=call.id, name=call.name))
    return told


def _told(message: Message, calls: dict[str, list[ToolCall]]) -> Sequence[AnyMessage]:
    if message.who is Speaker.SHOPPER:
        return [HumanMessage(message.text)]
    return [*calls_as_messages(calls.pop(message.turn_id or "", [])), AIMessage(message.text)]


def _with_own_ids(history: list[AnyMessage]) -> list[AnyMessage]:
    """Give a call whose id is empty, odd or taken one that says where it stands."""
    seen: set[str] = set()
    for index, message in enumerate(history):
        if not isinstance(message, AIMessage) or not message.tool_calls:
            continue
        answer = history[index + 1]
        call = message.tool_calls[0]
        if not isinstance(answer, ToolMessage) or (_ID.fullmatch(call["id"] or "") and call["id"] not in seen):
            seen.add(call["id"] or "")
            continue
        fresh = f"call_h{index}"
        history[index] = AIMessage("", tool_calls=[{**call, "id": fresh}])
        history[index + 1] = ToolMessage(answer.text, tool_call_id=fresh, name=answer.name)
    return history
