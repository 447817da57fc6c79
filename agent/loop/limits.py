"""Ends a turn that calls models without end: past the bound the embedded model says what is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse

from agent.loop.brief import TurnScope, since_last_message
from agent.loop.embedded.model import EmbeddedChat


class CallLimit(AgentMiddleware[Any, TurnScope, Any]):
    """At most ``calls`` model calls a turn by an LLM; the embedded model ends the turn after that.

    The embedded model never repeats a call, so a turn it takes over ends by itself.
    """

    def __init__(self, embedded: EmbeddedChat, calls: int = 8) -> None:
        super().__init__()
        self._embedded = embedded
        self._calls = calls

    async def awrap_model_call(
        self, request: ModelRequest[TurnScope], handler: Callable[[ModelRequest[TurnScope]], Awaitable[ModelResponse]]
    ) -> ModelResponse:
        """Count the calls of this turn."""
        made = sum(message.type == "ai" for message in since_last_message(request.messages))
        if made >= self._calls:
            request.runtime.context.fallbacks.append("call_limit")
            return await handler(request.override(model=self._embedded))
        return await handler(request)
