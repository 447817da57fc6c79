"""Tells the model about the case: an LLM by the system prompt, the embedded model by the brief itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import SystemMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.loop.brief import TurnScope
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.system_prompt import SystemPrompt
from agent.loop.takeover import Handler


class Briefing(AgentMiddleware[Any, TurnScope, Any]):
    """Innermost of the middleware: whichever model answers in the end gets the case in its own form.

    An LLM is shown the tools as definitions made once: LangChain would make them anew for each call (measured: 1 ms).
    """

    def __init__(self, prompt: SystemPrompt, tools: Sequence[BaseTool]) -> None:
        super().__init__()
        self._prompt = prompt
        self._definitions: list[BaseTool | dict[str, Any]] = [convert_to_openai_tool(one) for one in tools]

    async def awrap_model_call(self, request: ModelRequest[TurnScope], handler: Handler) -> ModelResponse:
        """Add the case to the request."""
        scope = request.runtime.context
        if isinstance(request.model, EmbeddedChat):
            settings = {"brief": scope.told, "identity": scope.identity}
            return await handler(request.override(model_settings=settings))
        text = self._prompt.render(scope.told, scope.identity)
        return await handler(request.override(system_message=SystemMessage(text), tools=self._definitions))
