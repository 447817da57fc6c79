"""A chat model that calls any tool with anything in any order, replays what it has seen, and lies."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from agent.loop.sentences import listener
from evals.fuzz.lies import Lie, Lies
from evals.fuzz.pool import ODD_NAMES, Pool, tool_schemas

MOST_AT_ONCE = 8
PIECE = 9
ENDS_IT = "ask_for_person"
"""Once a person has the case no model is asked any more: seldom called, so that conversations go on."""
HARMLESS = ("¿En qué te ayudo?", "How can I help?", "Como posso ajudar?", "", "{}", "<script>alert(1)</script>")


class Mind:
    """What drives it from outside: one source of chance, one memory over all conversations, one count of calls."""

    def __init__(self, rng: random.Random, pool: Pool, lies: Lies) -> None:
        self.rng, self.pool, self.lies = rng, pool, lies
        self.schemas = tool_schemas()
        self.called = 0
        self.streamed = 0
        self.told: list[Lie] = []
        self._calls: list[dict[str, Any]] = []

    def next_message(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """Calls, mostly; a lie now and then."""
        for message in messages[-MOST_AT_ONCE:]:
            if isinstance(message, ToolMessage):
                self.pool.see(str(message.content), self.rng)
        if self.rng.random() < 0.06:
            return AIMessage(self._saying(), response_metadata={"finish_reason": "stop"})
        calls = list(self._some_calls())
        before = self._saying() if self.rng.random() < 0.1 else ""
        return AIMessage(before, tool_calls=calls, response_metadata={"finish_reason": "tool_calls"})

    def _saying(self) -> str:
        if self.rng.random() < 0.15:
            return self.rng.choice(HARMLESS)
        told = [self.lies.tell(self.rng) for _ in range(self.rng.randint(1, 3))]
        self.told += told
        return " ".join(one.text for one in told)

    def _some_calls(self) -> Iterator[Any]:
        for _ in range(self.rng.randint(4, MOST_AT_ONCE)):
            self.called += 1
            yield {**self._call(), "id": f"call_{self.called}"}

    def _call(self) -> dict[str, Any]:
        if self._calls and self.rng.random() < 0.15:
            return self.rng.choice(self._calls)
        name, schema = self.rng.choice(self.schemas)
        while name == ENDS_IT and self.rng.random() < 0.95:
            name, schema = self.rng.choice(self.schemas)
        name = self.rng.choice(ODD_NAMES) if self.rng.random() < 0.03 else name
        call = {"name": name, "args": self.pool.fill(schema, self.rng, schema.get("$defs", {}))}
        self._calls = [*self._calls[-200:], call]
        return call


class Hostile(BaseChatModel):
    """The mind behind LangChain's interface."""

    mind: Any

    @property
    def _llm_type(self) -> str:
        return "hostile"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """It knows them all."""
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.mind.next_message(messages))])

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        """Its words are heard while it speaks, as those of a model that streams."""
        made = self._generate(messages)
        heard, text = listener(), made.generations[0].message.text
        if heard is not None and text:
            before = heard.sent
            for start in range(0, len(text), PIECE):
                await heard.hear(text[start : start + PIECE])
            self.mind.streamed += heard.sent != before
        return made
