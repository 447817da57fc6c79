"""One tool, run without a model: with the checks, the bounds and the trace of a tool that a model has called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langchain.tools import ToolRuntime
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage

from agent.conversation import ToolCall
from agent.loop.brief import TurnScope
from agent.loop.genai_spans import watch_tool
from agent.loop.tool_watch import ToolWatch
from agent.spans import NO_SPANS, Spans
from tools.catalogue import TOOLS
from tools.errors import Final

BY_NAME = {subject.name: subject for subject in TOOLS}


async def run_tool(
    scope: TurnScope, name: str, arguments: Mapping[str, Any], call_id: str, spans: Spans = NO_SPANS
) -> ToolCall:
    """Run it and keep it in the scope's trace; every failure is an answer of the tool, as for a model."""
    runtime: ToolRuntime[TurnScope] = ToolRuntime(
        state={}, context=scope, config={}, stream_writer=_ignore, tool_call_id=call_id, store=None
    )
    request = ToolCallRequest(
        tool_call={"name": name, "args": dict(arguments), "id": call_id, "type": "tool_call"},
        tool=BY_NAME.get(name),
        state={},
        runtime=runtime,  # type: ignore[arg-type]
    )

    async def run(request: ToolCallRequest) -> ToolMessage:
        answer: ToolMessage = await watch_tool(spans, name, call_id, arguments, lambda: _run(request))
        return answer

    await ToolWatch().awrap_tool_call(request, run)
    return scope.trace[-1]


async def _run(request: ToolCallRequest) -> ToolMessage:
    if request.tool is None:
        raise Final("unknown_tool")
    call = request.tool_call
    given = {name: value for name, value in call["args"].items() if name != "runtime"}
    answer: ToolMessage = await request.tool.ainvoke({**call, "args": {**given, "runtime": request.runtime}})
    return answer


def _ignore(_: object) -> None:
    return None
