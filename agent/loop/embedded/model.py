"""A deterministic chat model behind LangChain's interface: same tools, same loop, no key and no network."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

from agent.loop.brief import Brief, since_last_message
from agent.loop.embedded.case import Case, Need, Result, call_key
from agent.loop.embedded.plan import plan
from agent.loop.wording import Wording
from agent.understanding.reading import Emotion, Intent, Reading, ScoredIntent
from prompts.loader import Sentences
from tools.scope import Identity


class EmbeddedChat(BaseChatModel):
    """Plans from the brief and the tool results of this turn.

    Each call answers either one tool call or the reply; ``additional_kwargs`` of the reply carry ``asks`` and the
    ``agenda`` that stays. It needs ``brief`` and ``identity`` as call arguments (see ``agent.loop.briefing``).
    """

    sentences: Sentences
    wording: Wording

    model_config = {"arbitrary_types_allowed": True}

    @property
    def _llm_type(self) -> str:
        return "embedded"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The tools are known by name; nothing has to be described."""
        return self.bind(**kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = self.answer(messages, kwargs["brief"], kwargs["identity"])
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages, **kwargs)

    def greet(self, language: str) -> str:
        """What it says to a bare greeting. Raises ``LookupError`` when that is nothing."""
        reading = Reading("hola", language, True, (ScoredIntent(Intent.GREETING, 1.0),), (), Emotion())
        brief = Brief("Postventa", datetime.min.replace(tzinfo=UTC), language, "probe", reading, opening=True)
        said = self.answer([HumanMessage(reading.text)], brief, Identity()).text
        if not said:
            raise LookupError(f"no greeting in {language}")
        return said

    def answer(self, messages: Sequence[BaseMessage], brief: Brief, identity: Identity) -> AIMessage:
        """The next tool call or the reply, given all messages so far."""
        turn = since_last_message(messages)
        case = Case(brief, identity, self.sentences, self.wording, _results(turn))
        try:
            reply = plan(case)
        except Need as need:
            call_id = f"call_{brief.seed}_{len(turn)}"
            return AIMessage("", tool_calls=[{"name": need.name, "args": need.arguments, "id": call_id}])
        return AIMessage(
            "\n\n".join(reply.say),
            additional_kwargs={
                "asks": list(reply.asks),
                "agenda": [asdict(one) for one in reply.agenda],
                "last": " ".join(case.memory),
            },
            response_metadata={"finish_reason": "stop"},
        )


def _results(turn: Sequence[Any]) -> dict[str, Result]:
    """Tool answers of this turn by call, whichever model made the calls."""
    made: dict[str, tuple[str, dict[str, Any]]] = {}
    results: dict[str, Result] = {}
    for message in turn:
        if isinstance(message, AIMessage):
            made |= {str(call["id"]): (call["name"], call["args"]) for call in message.tool_calls}
        elif isinstance(message, ToolMessage) and message.tool_call_id in made:
            name, arguments = made[message.tool_call_id]
            results[call_key(name, arguments)] = _parsed(str(message.content))
    return results


def _parsed(content: str) -> Result:
    try:
        read = json.loads(content)
    except json.JSONDecodeError:
        return {"error": "unreadable", "ask_again": False}
    return read if isinstance(read, dict) else {"value": read}
