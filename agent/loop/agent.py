"""The loop: LangChain's agent, built once, run for one turn at a time from what the store holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool

from agent.conversation import CaseFile, Request
from agent.loop.brief import NOTE, Brief, Said, TurnScope, Usage
from agent.loop.briefing import Briefing
from agent.loop.case_writer import Case, CaseWriter
from agent.loop.confidence import Confidence
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.genai_spans import GenAiSpans
from agent.loop.going_on import go_on_from
from agent.loop.history import KEPT, MESSAGES, TOKENS, history_of
from agent.loop.leftover import Asks, finish_reply, proposal_text, with_confirmation
from agent.loop.limits import CallLimit
from agent.loop.straight import StraightRun
from agent.loop.summary import KEY as SUMMARY
from agent.loop.summary import Summarist, Summary, cut_off
from agent.loop.system_prompt import SystemPrompt
from agent.loop.tool_watch import ToolWatch
from agent.spans import NO_SPANS, Spans
from prompts.loader import LANGUAGES

if TYPE_CHECKING:
    from agent.loop.failover import Failover  # which brings the openai package: half a second for the embedded model

CONFIG: RunnableConfig = {"recursion_limit": 60}
EMBEDDED = "embedded"


@runtime_checkable
class Closing(Protocol):
    """A model that holds connections."""

    async def aclose(self) -> None:
        """Let them go."""
        ...


class Loop:
    """Runs the conversation model over the tools.

    ``model`` is the LLM, or none: then the embedded model holds the conversation. ``failover`` is the middleware that
    keeps an LLM's turn alive, ``secrets`` are what no reply may hold, ``spans`` who listens. With a ``confidence`` the LLM
    is spared the turns that the embedded model is sure of. ``case_writer`` sums cases up for the desk. The embedded model alone is run without a graph, unless runs
    are ``traced``: then whoever traces sees the same agent as with an LLM. Nothing is kept between turns.
    """

    def __init__(
        self,
        *,
        embedded: EmbeddedChat,
        tools: Sequence[BaseTool],
        prompt: SystemPrompt,
        model: BaseChatModel | None = None,
        model_name: str = EMBEDDED,
        failover: Failover | None = None,
        secrets: Sequence[str] = (),
        spans: Spans = NO_SPANS,
        traced: bool = False,
        confidence: Confidence | None = None,
        summarist: Summarist | None = None,
        case_writer: CaseWriter | None = None,
    ) -> None:
        self._embedded = embedded
        self._failover = failover
        self._model_name = model_name if model is not None else EMBEDDED
        self._llm = model
        self._confidence = confidence
        self._summarist = summarist or Summarist(None, "", prompt)
        self._case_writer = case_writer
        self._asks = Asks()
        self._spans = spans
        self._tools, self._secrets = tuple(tools), secrets
        self._traced = traced
        self._prompt = prompt
        self._agent = self._build(self._tools)

    @property
    def takes_more_tools(self) -> bool:
        """Whether tools of others would be used: the embedded model only knows ours."""
        return self._llm is not None

    def offer(self, more: Sequence[BaseTool]) -> None:
        """From the next turn on, let the LLM use these beside our own."""
        self._agent = self._build((*self._tools, *more))

    def _build(self, tools: Sequence[BaseTool]) -> Any:
        middleware: list[AgentMiddleware[Any, TurnScope, Any]] = [ToolWatch()]
        if self._llm is not None:
            middleware += [CallLimit(self._embedded), *([self._failover] if self._failover else [])]
        if self._spans is not NO_SPANS:
            middleware.append(GenAiSpans(self._spans, self._model_name))
        middleware.append(Briefing(self._prompt, tools, self._secrets, self._model_name))
        if self._llm is None and not self._traced:
            return StraightRun(self._embedded, tools, middleware)
        model = self._llm if self._llm is not None else self._embedded
        return create_agent(model, list(tools), middleware=middleware, context_schema=TurnScope)

    @property
    def model_name(self) -> str:
        """The LLM's, or ``embedded``."""
        return self._model_name

    @property
    def has_llm(self) -> bool:
        """Whether there is another model than the embedded one."""
        return self._llm is not None

    def is_routine(self, brief: Brief) -> bool:
        """Whether the embedded model is sure enough of this turn for the LLM not to be asked."""
        return self._confidence is not None and self._confidence.covers(brief)

    async def run(self, scope: TurnScope, file: CaseFile, language: str) -> Said:
        """Answer the last message. What tools did is in ``scope`` afterwards."""
        del language  # the scope's
        if self._llm is not None and not (scope.routine or scope.fallbacks):
            await self._sum_up(scope, file)
        return await self._ask(scope, self._messages(scope, file))

    async def _sum_up(self, scope: TurnScope, file: CaseFile) -> None:
        """What no longer fits into the history becomes a summary, which is told with the case."""
        summary = Summary.kept(file.conversation.metadata)
        shown = [one for one in file.messages if one.seq > summary.upto]
        gone = cut_off(shown, most=MESSAGES, keep=KEPT, tokens=TOKENS)
        if gone:
            summary = await self._summarist.summarise(scope, file, summary, gone)
            scope.summary = summary.as_json()
        if summary.text:
            scope.brief = replace(scope.told, summary=summary.text)

    @property
    def writes_cases(self) -> bool:
        """Whether a model sums cases up for the person who takes them over."""
        return self._case_writer is not None

    async def sum_up_case(self, case: Case) -> tuple[Mapping[str, Sequence[str]], Usage | None]:
        """See ``CaseWriter.write``; nothing without one."""
        return await self._case_writer.write(case) if self._case_writer is not None else ({}, None)

    async def repair(self, scope: TurnScope, file: CaseFile, said: Said, unsupported: Sequence[str]) -> Said:
        """Ask the LLM once more, naming what had no ground; the embedded model, being deterministic, is not asked.

        The tools' answers of this turn are shown again, so that nothing is looked up, proposed or sent twice.
        """
        if said.model == EMBEDDED or self._llm is None:
            return said
        text = self._prompt.repair_note(unsupported, scope.sent)
        note = HumanMessage(text, additional_kwargs={NOTE: True})
        return await self._ask(scope, [*self._messages(scope, file), AIMessage(said.text), note])

    async def retell(self, scope: TurnScope, file: CaseFile, said: Said, unsupported: Sequence[str]) -> Said:
        """Let the embedded model say it: its sentences are rendered from tool results and state."""
        del unsupported  # all of the reply is said anew
        if said.model == EMBEDDED:
            return said
        scope.fallbacks.append("guard")
        if scope.proposals:
            agenda = with_confirmation(scope.told.agenda, scope.proposals[-1])
            text = proposal_text(scope, self._embedded)
            return _with_cost(Said(text, ("confirmation",), agenda, EMBEDDED), scope)
        return await self._ask(scope, self._messages(scope, file))

    @property
    def on_fallback(self) -> bool:
        """Whether an LLM is set but the embedded model speaks for it, after failures that it has not made good."""
        return self._failover is not None and self._failover.speaks_for_llm

    def prove(self) -> None:
        """Greet a shopper who does not exist, in each language: what every turn can fall back on works.

        Nobody is asked and nothing is paid. Raises whatever does not work.
        """
        for language in LANGUAGES:
            self._embedded.greet(language)

    async def close(self) -> None:
        """Let the LLM's connections go."""
        if isinstance(self._llm, Closing):
            await self._llm.aclose()
        await self._summarist.aclose()
        if self._case_writer is not None:
            await self._case_writer.aclose()

    def _messages(self, scope: TurnScope, file: CaseFile) -> list[AnyMessage]:
        """An LLM needs the history; the embedded model has it in the brief."""
        if self._llm is None:
            return [HumanMessage(scope.told.reading.text or "…")]
        kept = Summary.kept({SUMMARY: scope.summary} if scope.summary else file.conversation.metadata)
        return history_of(file, self._prompt.decided_note(scope.told), scope.trace, after=kept.upto)

    async def _ask(self, scope: TurnScope, messages: list[AnyMessage]) -> Said:
        state = await self._agent.ainvoke({"messages": [*messages]}, CONFIG, context=scope)
        made = [one for one in state["messages"][len(messages) :] if isinstance(one, AIMessage)]
        last = made[-1]
        said = Said(
            text=last.text.strip(),
            asks=tuple(last.additional_kwargs.get("asks", ())),
            agenda=tuple(Request(**one) for one in last.additional_kwargs.get("agenda", ())),
            last=str(last.additional_kwargs.get("last", "")),
            model=EMBEDDED if "agenda" in last.additional_kwargs else self._model_name,
        )
        said = _with_cost(said, scope)
        if said.model == EMBEDDED:
            return said
        said = finish_reply(said, scope, self._asks)
        if not (said.asks or self._asks.is_question(said.text)):
            return said
        return await go_on_from(said, scope, self._embedded, state["messages"][:-1])


def _with_cost(said: Said, scope: TurnScope) -> Said:
    """With all that was spent in the turn: what a reply cost that was not used was spent all the same."""
    return replace(
        said,
        input_tokens=sum(one.input_tokens for one in scope.spent),
        output_tokens=sum(one.output_tokens for one in scope.spent),
        spent=tuple(scope.spent),
    )
