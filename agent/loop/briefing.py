"""Tells the model about the case: an LLM by the system prompt, the embedded model by the brief itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import SystemMessage

from agent.loop.brief import TurnScope
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.system_prompt import SystemPrompt


class Briefing(AgentMiddleware[Any, TurnScope, Any]):
    """Innermost of the middleware: whichever model answers in the end gets the case in its own form."""

    def __init__(self, prompt: SystemPrompt) -> None:
        super().__init__()
        self._prompt = prompt

    async def awrap_model_call(
        self, request: ModelRequest[TurnScope], handler: Callable[[ModelRequest[TurnScope]], Awaitable[ModelResponse]]
    ) -> ModelResponse:
        """Add the case to the request."""
        scope = request.runtime.context
        model: BaseChatModel = request.model
        if isinstance(model, EmbeddedChat):
            return await handler(request.override(model_settings={"brief": scope.told, "identity": scope.identity}))
        text = self._prompt.render(scope.told, scope.identity)
        return await handler(request.override(system_message=SystemMessage(text)))
