"""Keeps the embedded model at work once it has taken a turn over, and lets it when an LLM calls without end."""

from __future__ import annotations

from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse

from agent.loop.brief import TurnScope, since_last_message
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.takeover import Handler, take_over


class CallLimit(AgentMiddleware[Any, TurnScope, Any]):
    """At most ``calls`` model calls a turn by an LLM; the embedded model ends the turn after that.

    The embedded model never repeats a call, so a turn it takes over ends by itself; it keeps the turn to its end.
    """

    def __init__(self, embedded: EmbeddedChat, calls: int = 8) -> None:
        super().__init__()
        self._embedded = embedded
        self._calls = calls

    async def awrap_model_call(self, request: ModelRequest[TurnScope], handler: Handler) -> ModelResponse:
        """Count the calls of this turn."""
        scope = request.runtime.context
        if scope.fallbacks or scope.routine:
            return await handler(request.override(model=self._embedded))
        made = sum(message.type == "ai" for message in since_last_message(request.messages))
        if made >= self._calls:
            return await take_over(request, handler, self._embedded, "call_limit")
        return await handler(request)
