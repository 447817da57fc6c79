"""The tool that asks for a person."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.effects import Effect, effect
from tools.scope import PersonWanted, Scope
from tools.views import as_text

REASON_CHARS = 300


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def ask_for_person(reason: str, runtime: ToolRuntime[Scope]) -> str:
    """Ask for a person to take over: when the shopper wants one, or when nothing here can solve it.

    Args:
        reason: why, in a few words
    """
    runtime.context.person_wanted = PersonWanted("model_asked", " ".join(reason.split())[:REASON_CHARS])
    return as_text({"status": "person_asked"})
