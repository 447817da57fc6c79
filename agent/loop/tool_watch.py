"""Runs each tool: keeps a trace, tells listeners, and turns every failure into words a model may see."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from pydantic import ValidationError

from agent.conversation import ToolCall, TurnId
from agent.loop.brief import TurnScope
from tools.errors import AskAgain, ToolFailure
from tools.shop.errors import Refused, ShopUnavailable


class ToolWatch(AgentMiddleware[Any, TurnScope, Any]):
    """The one place where a tool's exceptions become ``{"error": code, ...}``; raw texts never reach the model.

    ``ask_again`` in the result tells the model whether another call or a question can mend it. A tool that takes longer
    than ``timeout_s`` counts as an order system that does not answer: no tool writes, so each may be given up.
    """

    def __init__(self, timeout_s: float = 15.0) -> None:
        super().__init__()
        self._timeout_s = timeout_s

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> Any:
        """Run the tool and keep what happened."""
        scope = cast(TurnScope, request.runtime.context)
        call = request.tool_call
        name = str(call["name"])
        await scope.tell("tool.started", {"name": name})
        started = time.perf_counter()
        ok, message = await self._run(request, handler, scope)
        took = round((time.perf_counter() - started) * 1000)
        scope.trace.append(
            ToolCall(
                id=str(call["id"]),
                turn_id=TurnId(""),
                position=len(scope.trace),
                name=name,
                arguments=dict(call["args"]),
                result=str(message.content),
                ok=ok,
                ms=took,
            )
        )
        await scope.tell("tool.finished", {"name": name, "ok": ok, "ms": took})
        return message

    async def _run(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]], scope: TurnScope
    ) -> tuple[bool, ToolMessage]:
        try:
            async with asyncio.timeout(self._timeout_s):
                message = await handler(request)
            return message.status != "error", message
        except ToolFailure as failure:
            return False, _failed(request, failure.code, ask_again=isinstance(failure, AskAgain), **failure.details)
        except (ShopUnavailable, TimeoutError):
            scope.outage = True
            return False, _failed(request, "order_system_unavailable", ask_again=False)
        except Refused as refused:
            return False, _failed(request, refused.code, ask_again=True)
        except (ValidationError, TypeError, ValueError):
            return False, _failed(request, "invalid_arguments", ask_again=True)


def _failed(request: ToolCallRequest, code: str, *, ask_again: bool, **details: Any) -> ToolMessage:
    content = {"error": code, "ask_again": ask_again, **details}
    return ToolMessage(
        json.dumps(content, ensure_ascii=False, default=str),
        name=request.tool_call["name"],
        tool_call_id=request.tool_call["id"],
        status="error",
    )
