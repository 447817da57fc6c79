"""The loop: LangChain's agent, built once, run for one turn at a time from what the store holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.tools import BaseTool

from agent.conversation import CaseFile, Request
from agent.loop.brief import Said, TurnScope
from agent.loop.briefing import Briefing
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.history import history_of
from agent.loop.limits import CallLimit
from agent.loop.system_prompt import SystemPrompt
from agent.loop.tool_watch import ToolWatch

RECURSION_LIMIT = 60


class Loop:
    """Runs the conversation model over the tools.

    ``model`` is the LLM, or none: then the embedded model holds the conversation. ``failover`` is the middleware that
    keeps an LLM's turn alive. Nothing is kept between turns.
    """

    def __init__(
        self,
        *,
        embedded: EmbeddedChat,
        tools: Sequence[BaseTool],
        prompt: SystemPrompt,
        model: BaseChatModel | None = None,
        model_name: str = "embedded",
        failover: AgentMiddleware[Any, TurnScope, Any] | None = None,
    ) -> None:
        self._embedded = embedded
        self._model_name = model_name if model is not None else "embedded"
        self._llm = model
        middleware: list[AgentMiddleware[Any, TurnScope, Any]] = [ToolWatch()]
        if model is not None:
            middleware += [CallLimit(embedded), *([failover] if failover else [])]
        middleware.append(Briefing(prompt))
        self._agent = create_agent(
            model if model is not None else embedded,
            list(tools),
            middleware=middleware,
            context_schema=TurnScope,
        )
        self._prompt = prompt

    async def run(self, scope: TurnScope, file: CaseFile, language: str) -> Said:
        """Answer the last message. What tools did is in ``scope`` afterwards."""
        return await self._ask(scope, self._messages(scope, file))

    async def repair(self, scope: TurnScope, file: CaseFile, said: Said, unsupported: Sequence[str]) -> Said:
        """Ask the LLM once more, naming what had no ground; the embedded model, being deterministic, is not asked."""
        if said.model == "embedded" or self._llm is None:
            return said
        note = self._prompt.repair_note(unsupported)
        return await self._ask(scope, [*self._messages(scope, file), AIMessage(said.text), HumanMessage(note)])

    async def retell(self, scope: TurnScope, file: CaseFile, said: Said, unsupported: Sequence[str]) -> Said:
        """Let the embedded model say it: its sentences are rendered from tool results and state."""
        if said.model == "embedded":
            return said
        scope.fallbacks.append("guard")
        return await self._ask(scope, self._messages(scope, file))

    def _messages(self, scope: TurnScope, file: CaseFile) -> list[AnyMessage]:
        """An LLM needs the history; the embedded model has it in the brief."""
        if self._llm is None:
            return [HumanMessage(scope.told.reading.text or "…")]
        return history_of(file, scope.told)

    async def _ask(self, scope: TurnScope, messages: list[AnyMessage]) -> Said:
        state = await self._agent.ainvoke(
            {"messages": messages}, {"recursion_limit": RECURSION_LIMIT}, context=scope
        )
        made = [one for one in state["messages"][len(messages) :] if isinstance(one, AIMessage)]
        last = made[-1]
        usage = [one.usage_metadata for one in made if one.usage_metadata]
        said = Said(
            text=last.text.strip(),
            asks=tuple(last.additional_kwargs.get("asks", ())),
            agenda=tuple(Request(**one) for one in last.additional_kwargs.get("agenda", ())),
            last=str(last.additional_kwargs.get("last", "")),
            model="embedded" if "agenda" in last.additional_kwargs else self._model_name,
            input_tokens=sum(one["input_tokens"] for one in usage),
            output_tokens=sum(one["output_tokens"] for one in usage),
        )
        return said if said.model == "embedded" else replace(said, asks=infer_asks(scope, said.text))


def infer_asks(scope: TurnScope, text: str) -> tuple[str, ...]:
    """What an LLM's reply asks for, as far as state tells: a proposal made now waits for a confirmation."""
    if scope.proposals:
        return ("confirmation",)
    if scope.code_sent_for is not None and scope.identity.level < 2 and "?" in text:
        return ("code",)
    return ()
