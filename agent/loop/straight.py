"""The embedded model, the tools, and the middleware around both, asked one after the other without a graph."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import reduce
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.tools import ToolRuntime
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, ToolCall, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langgraph.runtime import Runtime

from agent.loop.brief import TurnScope

MOST_ROUNDS = 30
"""Model calls a run, as many as a graph's recursion limit of 60 leaves to ``create_agent``."""

Ask = Callable[[ModelRequest[TurnScope]], Awaitable[ModelResponse]]
Call = Callable[[ToolCallRequest], Awaitable[ToolMessage]]
Watching = Sequence[AgentMiddleware[Any, TurnScope, Any]]


class StraightRun:
    """What ``create_agent`` does with wrap-style middleware, for a model that answers in place and is never watched.

    LangGraph's supersteps, channels, tasks and callbacks are what a graph is for: interrupts, streams, checkpoints. A
    turn of the embedded model uses none of them and spent a third of its time there. A test holds both to the same
    answers. Tools of one step run side by side, as they do there.
    """

    def __init__(self, model: BaseChatModel, tools: Sequence[BaseTool], middleware: Watching) -> None:
        self._model = model
        self._tools = {tool.name: tool for tool in tools}
        self._ask: Ask = reduce(_around_model, reversed(middleware), cast(Ask, _nobody))
        self._call: Call = reduce(_around_tool, reversed(middleware), cast(Call, _run_tool))

    async def ainvoke(
        self, given: dict[str, Any], config: RunnableConfig | None = None, *, context: TurnScope
    ) -> dict[str, Any]:
        """The messages with the answers after them, as a compiled agent gives them.

        Raises ``RecursionError`` when the model calls tools without end.
        """
        del config  # nobody listens
        messages: list[AnyMessage] = [*given["messages"]]
        runtime = Runtime(context=context)
        for _ in range(MOST_ROUNDS):
            request = ModelRequest(model=self._model, messages=messages, state={"messages": messages}, runtime=runtime)
            response = await self._ask(request)
            messages = [*messages, *cast(list[AnyMessage], response.result)]
            last = messages[-1]
            if not isinstance(last, AIMessage) or not last.tool_calls:
                return {"messages": messages}
            calls = [self._call(self._request(call, messages, context)) for call in last.tool_calls]
            messages += [await calls[0]] if len(calls) == 1 else await asyncio.gather(*calls)
        raise RecursionError(f"{MOST_ROUNDS} rounds without a reply")

    def _request(self, call: ToolCall, messages: list[AnyMessage], context: TurnScope) -> ToolCallRequest:
        state = {"messages": messages}
        runtime: Any = ToolRuntime(
            state=state, context=context, config={}, stream_writer=_ignore, tool_call_id=call["id"], store=None
        )
        return ToolCallRequest(tool_call=call, tool=self._tools[call["name"]], state=state, runtime=runtime)


def _around_model(inner: Ask, middleware: AgentMiddleware[Any, TurnScope, Any]) -> Ask:
    if type(middleware).awrap_model_call is AgentMiddleware.awrap_model_call:
        return inner

    async def ask(request: ModelRequest[TurnScope]) -> ModelResponse:
        return cast(ModelResponse, await middleware.awrap_model_call(request, inner))

    return ask


def _around_tool(inner: Call, middleware: AgentMiddleware[Any, TurnScope, Any]) -> Call:
    if type(middleware).awrap_tool_call is AgentMiddleware.awrap_tool_call:
        return inner

    async def call(request: ToolCallRequest) -> ToolMessage:
        return cast(ToolMessage, await middleware.awrap_tool_call(request, inner))

    return call


async def _run_tool(request: ToolCallRequest) -> ToolMessage:
    call = request.tool_call
    if request.tool is None:
        raise LookupError(f"no tool {call['name']}")
    given = {**call, "args": {**call["args"], "runtime": request.runtime}, "type": "tool_call"}
    return cast(ToolMessage, await request.tool.ainvoke(given))


async def _nobody(request: ModelRequest[TurnScope]) -> ModelResponse:
    """The innermost of the middleware asks the model itself."""
    raise LookupError(f"nobody asks {type(request.model).__name__}")


def _ignore(_: object) -> None:
    return None
