"""The tools that are offered, as MCP describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mcp_types as types
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.api.mcp.schemas import schema_of
from tools.catalogue import TOOLS
from tools.effects import Effect, effect_of
from tools.views import OrderSummaryView, OrderView, PassageView, ProfileView, TrackView

FROM_CREDENTIALS = frozenset({"verify_order", "send_code", "check_code"})
"""Left out: a model brings no proof of who somebody is. Identity comes with the credentials of the connection."""

ADDITIVE = frozenset({"ask_for_person", "report_problem"})
"""Proposals that, once confirmed, take nothing away."""

STATUSES = (
    "awaiting_confirmation",
    "needs_person",
    "denied",
    "executed",
    "rejected",
    "expired",
    "failed",
    "person_asked",
)
PROPOSED: Mapping[str, Any] = {
    "type": "object",
    "properties": {"status": {"type": "string", "enum": list(STATUSES)}},
    "required": ["status"],
}


def _listing(name: str, view: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {name: schema_of(list[view])}, "required": [name]}


def offered_tools() -> tuple[types.Tool, ...]:
    """Every tool for somebody's model, always in the same order."""
    answers = {
        "list_orders": _listing("orders", OrderSummaryView),
        "get_order": schema_of(OrderView),
        "track_order": schema_of(TrackView),
        "customer_profile": schema_of(ProfileView),
        "search_knowledge": _listing("passages", PassageView),
    }
    return tuple(_described(one, answers) for one in TOOLS if one.name not in FROM_CREDENTIALS)


def _described(subject: Any, answers: Mapping[str, Any]) -> types.Tool:
    definition = convert_to_openai_tool(subject)["function"]
    reads = effect_of(subject) is Effect.READ
    title = subject.name.replace("_", " ").capitalize()
    return types.Tool(
        name=subject.name,
        title=title,
        description=definition["description"],
        input_schema=definition["parameters"],
        output_schema=answers.get(subject.name) if reads else dict(PROPOSED),
        annotations=types.ToolAnnotations(
            title=title,
            read_only_hint=reads,
            destructive_hint=not reads and subject.name not in ADDITIVE,
            idempotent_hint=reads,
            open_world_hint=False,
        ),
    )
