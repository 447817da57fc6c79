"""Calling a tool without an agent around it, with the same arguments and the same checks: for evaluations and tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool

from tools.catalogue import TOOLS
from tools.scope import Scope

BY_NAME: Mapping[str, BaseTool] = {subject.name: subject for subject in TOOLS}


async def call(name: str, arguments: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """What that tool answers, read back from its JSON. Raises what it raises; KeyError for an unknown tool."""
    runtime: ToolRuntime[Scope] = ToolRuntime(
        state={}, context=scope, config={}, stream_writer=_ignore, tool_call_id=None, store=None
    )
    answer = await BY_NAME[name].ainvoke({**arguments, "runtime": runtime})
    view: dict[str, Any] = json.loads(answer)
    return view


def _ignore(_: object) -> None:
    return None
