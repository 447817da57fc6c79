"""Leaves an LLM's question in such a state that the embedded model can take the answer: in hybrid mode, or when the LLM fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import AnyMessage, ToolMessage

from agent.conversation import Request
from agent.loop.brief import Said, TurnScope
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.single_tool import run_tool

LOOKS = frozenset({"list_orders", "get_order", "track_order"})
"""What the embedded model may look at for this, unseen: it changes nothing and is read once a turn anyway."""

STEPS = 3


async def go_on_from(said: Said, scope: TurnScope, embedded: EmbeddedChat, messages: Sequence[AnyMessage]) -> Said:
    """A reply that asks, with what the embedded model would be waiting for at this point; as it is when that is something else.

    It knows no words of the LLM's, only the agenda: an offer that was made there would be lost to it.
    """
    if scope.proposals or scope.outage:
        return said
    told, aside = list(messages), replace(scope, trace=[], watch=None, citations=[], proposals=[], exceptions=[])
    for _ in range(STEPS):
        would = embedded.answer(told, scope.told, scope.identity)
        if not would.tool_calls:
            return _with_agenda(said, would.additional_kwargs)
        if not {call["name"] for call in would.tool_calls} <= LOOKS:
            break
        told.append(would)
        for call in would.tool_calls:
            made = await run_tool(aside, call["name"], call["args"], str(call["id"]))
            told.append(ToolMessage(made.result, tool_call_id=made.id, name=made.name))
    return said


def _with_agenda(said: Said, left: Mapping[str, Any]) -> Said:
    """A yes is consent only to what code has asked about: that is never taken over from a model's words."""
    asks = tuple(left["asks"])
    if not asks or "confirmation" in asks or (said.asks and not set(asks) & set(said.asks)):
        return said
    agenda = tuple(Request(**one) for one in left["agenda"])
    return replace(said, asks=asks, agenda=agenda, last=str(left["last"]))
