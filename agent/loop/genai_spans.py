"""Model calls and tool calls as spans; put into the agent only when somebody listens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, AnyMessage

from agent.loop.brief import TurnScope
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.takeover import Handler
from agent.spans import AGENT, CHAT, EXECUTE_TOOL, Attributes, Span, Spans
from tools.errors import ToolFailure

EMBEDDED = "embedded"
UNKNOWN = "unknown"
"""What a model calls a tool that is none stays out of names."""


class GenAiSpans(AgentMiddleware[Any, TurnScope, Any]):
    """Within the failover, so that each try of a model is a span, with the cause when it fails.

    ``model_name`` is the LLM's as the settings have it, ``openai:<name>``.
    """

    def __init__(self, spans: Spans, model_name: str) -> None:
        super().__init__()
        self._spans = spans
        provider, _, name = model_name.partition(":")
        self._provider, self._name = provider, name or provider

    async def awrap_model_call(self, request: ModelRequest[TurnScope], handler: Handler) -> ModelResponse:
        """A ``chat`` span."""
        embedded = isinstance(request.model, EmbeddedChat)
        provider, name = (AGENT, EMBEDDED) if embedded else (self._provider, self._name)
        with self._spans.span(CHAT, name, {"gen_ai.provider.name": provider, "gen_ai.request.model": name}) as span:
            if self._spans.content:
                span.note({"gen_ai.input.messages": [_written(one) for one in request.messages]})
            response = await handler(request)
            self._tell(span, response, name)
            return response

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> Any:
        """An ``execute_tool`` span."""
        call = request.tool_call
        name = str(call["name"]) if request.tool is not None else UNKNOWN
        return await watch_tool(self._spans, name, str(call["id"]), call["args"], lambda: handler(request))

    def _tell(self, span: Span, response: ModelResponse, name: str) -> None:
        made = [one for one in response.result if isinstance(one, AIMessage)]
        for message in made[-1:]:
            span.note({**_usage(message), **_answered(message, name)})
        if self._spans.content:
            span.note({"gen_ai.output.messages": [_written(one) for one in made]})


async def watch_tool(
    spans: Spans, name: str, call_id: str, arguments: Attributes, run: Callable[[], Awaitable[Any]]
) -> Any:
    """Run a tool within its span; a refusal is told by its code."""
    given = {"gen_ai.tool.name": name, "gen_ai.tool.type": "function", "gen_ai.tool.call.id": call_id}
    with spans.span(EXECUTE_TOOL, name, given) as span:
        if spans.content:
            written = {key: value for key, value in arguments.items() if key != "runtime"}
            span.note({"gen_ai.tool.call.arguments": written})
        try:
            answer = await run()
        except ToolFailure as failure:
            span.fail(failure.code)
            raise
        if spans.content:
            span.note({"gen_ai.tool.call.result": str(answer.content)})
        return answer


def _usage(message: AIMessage) -> Attributes:
    usage = message.usage_metadata
    if not usage:
        return {}
    details = usage.get("input_token_details", {})
    return {
        "gen_ai.usage.input_tokens": usage["input_tokens"],
        "gen_ai.usage.output_tokens": usage["output_tokens"],
        "gen_ai.usage.cache_read.input_tokens": details.get("cache_read"),
    }


def _answered(message: AIMessage, name: str) -> Attributes:
    finish = message.response_metadata.get("finish_reason") or ("tool_calls" if message.tool_calls else "stop")
    return {
        "gen_ai.response.finish_reasons": [str(finish)],
        "gen_ai.response.model": message.response_metadata.get("model_name") or name,
        "gen_ai.response.id": message.response_metadata.get("id"),
    }


def _written(message: AnyMessage) -> dict[str, Any]:
    """A message in the form of the conventions."""
    roles = {"human": "user", "ai": "assistant", "tool": "tool", "system": "system"}
    parts: list[dict[str, Any]] = [{"type": "text", "content": message.text}] if message.text else []
    calls: Sequence[Any] = message.tool_calls if isinstance(message, AIMessage) else ()
    parts += [{"type": "tool_call", "id": one["id"], "name": one["name"], "arguments": one["args"]} for one in calls]
    return {"role": roles.get(message.type, message.type), "parts": parts}
