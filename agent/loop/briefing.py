"""Tells the model about the case: an LLM by the system prompt, the embedded model by the brief itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.callbacks import BaseCallbackManager
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, SystemMessage, ToolMessage
from langchain_core.runnables.config import var_child_runnable_config
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langsmith.utils import tracing_is_enabled

from agent.loop.bad_completion import BadCompletion
from agent.loop.brief import TurnScope, Usage
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.fence import fence
from agent.loop.secrecy import Secrecy
from agent.loop.sentences import heard_by
from agent.loop.system_prompt import SystemPrompt
from agent.loop.takeover import Handler


@runtime_checkable
class Direct(Protocol):
    """A model that can be asked without LangChain's way to it."""

    async def complete(self, messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]] = ()) -> AIMessage:
        """The completion."""
        ...


class Briefing(AgentMiddleware[Any, TurnScope, Any]):
    """Innermost of the middleware: whichever model answers in the end gets the case in its own form.

    An LLM is shown the tools as definitions made once: LangChain would make them anew for each call (measured: 1 ms).
    A model that allows it, the embedded one among them, is asked in place while nobody traces: binding, callbacks and tasks
    around it cost more than its answer.
    What tools answer is fenced off as data, and a reply that gives the prompt or one of the ``secrets`` away is refused.
    """

    def __init__(
        self, prompt: SystemPrompt, tools: Sequence[BaseTool], secrets: Sequence[str] = (), model_name: str = ""
    ) -> None:
        super().__init__()
        self._prompt = prompt
        self._model_name = model_name
        self._secrecy = Secrecy(prompt.fixed, secrets)
        self._definitions: list[dict[str, Any]] = [convert_to_openai_tool(one) for one in tools]

    async def awrap_model_call(self, request: ModelRequest[TurnScope], handler: Handler) -> ModelResponse:
        """Add the case to the request."""
        scope = request.runtime.context
        if isinstance(request.model, EmbeddedChat):
            return ModelResponse(result=[request.model.answer(request.messages, scope.told, scope.identity)])
        text = self._prompt.render(scope.told, scope.identity)
        messages = [_fenced(message) for message in request.messages]
        stream = scope.stream if scope.may_stream else None
        if stream is not None:
            stream.begin(lambda so_far: not self._secrecy.is_broken_by(so_far))
        with heard_by(stream):
            response = await self._ask(request, handler, SystemMessage(text), messages)
        made = [one for one in response.result if isinstance(one, AIMessage)]
        scope.spent.extend(usage for one in made if (usage := usage_of(one, self._model_name)))
        if any(self._secrecy.is_broken_by(one.text) for one in made):
            raise BadCompletion("secret")
        return response

    async def _ask(
        self, request: ModelRequest[TurnScope], handler: Handler, system: SystemMessage, messages: list[AnyMessage]
    ) -> ModelResponse:
        if isinstance(request.model, Direct) and not is_watched():
            return ModelResponse(result=[await request.model.complete([system, *messages], self._definitions)])
        return await handler(request.override(messages=messages, system_message=system, tools=[*self._definitions]))


def is_watched() -> bool:
    """Whether somebody follows runs through LangChain's callbacks: tracing, or handlers in the run's configuration."""
    callbacks = (var_child_runnable_config.get() or {}).get("callbacks")
    handlers = callbacks.handlers if isinstance(callbacks, BaseCallbackManager) else callbacks
    return bool(handlers or tracing_is_enabled())


def usage_of(message: AIMessage, model_name: str) -> Usage | None:
    """What a completion took; none when its endpoint does not say."""
    told = message.usage_metadata
    if not told:
        return None
    cached = (told.get("input_token_details") or {}).get("cache_read") or 0
    return Usage(model_name, told["input_tokens"], told["output_tokens"], cached)


def _fenced(message: AnyMessage) -> AnyMessage:
    if not isinstance(message, ToolMessage):
        return message
    return message.model_copy(update={"content": fence(str(message.content), str(message.name or "tool"))})
