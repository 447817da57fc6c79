"""The stored conversation as messages for an LLM: what was said, with the tools of the last turns in their places."""

from __future__ import annotations

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.conversation import CaseFile, Message, Speaker, ToolCall
from agent.loop.brief import Brief

MESSAGES = 24


def history_of(file: CaseFile, brief: Brief) -> list[AnyMessage]:
    """The last messages in order, ending with the shopper's.

    After a decision by button there is no new message of theirs; a note in its place says what was decided.
    """
    calls: dict[str, list[ToolCall]] = {}
    for call in file.tool_calls:
        calls.setdefault(call.turn_id, []).append(call)
    history: list[AnyMessage] = []
    for message in file.messages[-MESSAGES:]:
        history.extend(_told(message, calls))
    if brief.resumed or not history or not isinstance(history[-1], HumanMessage):
        history.append(HumanMessage(brief.reading.text or "…"))
    return history


def _told(message: Message, calls: dict[str, list[ToolCall]]) -> list[AnyMessage]:
    if message.who is Speaker.SHOPPER:
        return [HumanMessage(message.text)]
    told: list[AnyMessage] = []
    for call in calls.pop(message.turn_id or "", []):
        told.append(AIMessage("", tool_calls=[{"name": call.name, "args": dict(call.arguments), "id": call.id}]))
        told.append(ToolMessage(call.result, tool_call_id=call.id, name=call.name))
    return [*told, AIMessage(message.text)]
