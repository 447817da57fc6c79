"""The stored conversation as messages for an LLM: what was said, with the tools of the last turns in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.conversation import CaseFile, Message, Speaker, ToolCall

MESSAGES = 24
TURNS_WITH_TOOLS = 6
NO_RESULT = '{"error":"no_result","ask_again":true}'

_ID = re.compile(r"[\w.:-]{1,40}", re.ASCII)
_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)


def history_of(file: CaseFile, ending: str, made: Sequence[ToolCall] = ()) -> list[AnyMessage]:
    """The last messages in order, ending with the shopper's, and after it the calls ``made`` in this turn already.

    ``ending`` stands in its place when the shopper wrote nothing: they pressed a button. The sequence is one that
    endpoints accept: it begins with the shopper, each tool message follows its call, no id comes twice.
    """
    window = file.messages[-MESSAGES:]
    replies = [one.turn_id for one in window if one.who is Speaker.AGENT and one.turn_id]
    shown = set(replies[-TURNS_WITH_TOOLS:])
    calls: dict[str, list[ToolCall]] = {}
    for call in file.tool_calls:
        if call.turn_id in shown:
            calls.setdefault(call.turn_id, []).append(call)
    history: list[AnyMessage] = []
    for message in window:
        history.extend(_told(message, calls))
    while history and not isinstance(history[0], HumanMessage):
        del history[0]
    if not history or not isinstance(history[-1], HumanMessage):
        history.append(HumanMessage(ending))
    return _with_own_ids([*history, *calls_as_messages(made)])


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
