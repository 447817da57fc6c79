"""Tells the model about the case: an LLM by the system prompt, the embedded model by the brief itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.loop.bad_completion import BadCompletion
from agent.loop.brief import TurnScope
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.fence import fence
from agent.loop.secrecy import Secrecy
from agent.loop.system_prompt import SystemPrompt
from agent.loop.takeover import Handler


class Briefing(AgentMiddleware[Any, TurnScope, Any]):
    """Innermost of the middleware: whichever model answers in the end gets the case in its own form.

    An LLM is shown the tools as definitions made once: LangChain would make them anew for each call (measured: 1 ms).
    The embedded model is asked in place: binding, callbacks and tasks around it cost more than its answer.
    What tools answer is fenced off as data, and a reply that gives the prompt or one of the ``secrets`` away is refused.
    """

    def __init__(self, prompt: SystemPrompt, tools: Sequence[BaseTool], secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self._prompt = prompt
        self._secrecy = Secrecy(prompt.fixed, secrets)
        self._definitions: list[BaseTool | dict[str, Any]] = [convert_to_openai_tool(one) for one in tools]

    async def awrap_model_call(self, request: ModelRequest[TurnScope], handler: Handler) -> ModelResponse:
        """Add the case to the request."""
        scope = request.runtime.context
        if isinstance(request.model, EmbeddedChat):
            return ModelResponse(result=[request.model.answer(request.messages, scope.told, scope.identity)])
        text = self._prompt.render(scope.told, scope.identity)
        messages = [_fenced(message) for message in request.messages]
        response = await handler(
            request.override(messages=messages, system_message=SystemMessage(text), tools=self._definitions)
        )
        if any(isinstance(one, AIMessage) and self._secrecy.is_broken_by(one.text) for one in response.result):
            raise BadCompletion("secret")
        return response


def _fenced(message: AnyMessage) -> AnyMessage:
    if not isinstance(message, ToolMessage):
        return message
    return message.model_copy(update={"content": fence(str(message.content), str(message.name or "tool"))})
