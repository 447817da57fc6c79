"""What a model is told about the case, as typed values; the prompt is rendered from it, the embedded model reads it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.conversation import Action, Fact, Request, ToolCall
from agent.loop.reply_language import language_of
from agent.loop.sentences import Sentences
from agent.understanding.reading import Reading
from tools.scope import Scope


@dataclass(frozen=True, slots=True)
class Brief:
    """The case at the moment of one turn.

    ``agenda`` holds what the shopper wants, the current request first. ``pending`` are proposals that wait for a yes,
    ``done`` the actions executed earlier in the conversation. ``seed`` makes wordings vary from turn to turn and be
    the same in every run. ``focus`` is the order spoken of last, ``last`` the intent worked on last and, after it, what
    the embedded model remembers of having said. ``summary`` is what is left of messages no longer shown. ``opening`` is true on the first reply. ``resumed`` is true when something
    was decided just now (its receipt is already said) and only the rest of the agenda is left.
    """

    shop_name: str
    now: datetime
    language: str
    channel: str
    reading: Reading
    facts: tuple[Fact, ...] = ()
    agenda: tuple[Request, ...] = ()
    asked: tuple[str, ...] = ()
    pending: tuple[Action, ...] = ()
    done: tuple[Action, ...] = ()
    customer_name: str = ""
    notes: str = ""
    focus: str = ""
    last: str = ""
    seed: int = 0
    opening: bool = False
    resumed: bool = False
    summary: str = ""

    def fact(self, kind: str) -> str | None:
        """The latest value the shopper gave for that kind."""
        return next((fact.value for fact in reversed(self.facts) if fact.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call; ``cached_tokens`` are those of the input that the provider had seen before."""

    model: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0


@dataclass(slots=True)
class TurnScope(Scope):
    """The tools' surroundings, with the brief beside them and a trace of the tools that ran.

    ``watch`` hears of each tool as it starts and ends: ``(event type, data)``. ``outage`` is set when the order system
    did not answer. ``fallbacks`` are the causes why the embedded model speaks for the LLM; ``routine`` says that it does so
    because it is sure of itself. ``llm_until`` is when the LLM's time is up in this turn, in the failover's monotonic
    seconds; it is set by the first call. ``spent`` is what models used, ``stream`` sends a reply while it is written,
    ``summary`` is that of older messages when it was made anew.
    """

    brief: Brief | None = None
    trace: list[ToolCall] = field(default_factory=list)
    watch: Callable[[str, dict[str, Any]], Awaitable[None]] | None = None
    outage: bool = False
    fallbacks: list[str] = field(default_factory=list)
    llm_until: float | None = None
    routine: bool = False
    spent: list[Usage] = field(default_factory=list)
    stream: Sentences | None = None
    summary: Mapping[str, Any] | None = None

    @property
    def languages(self) -> frozenset[str]:
        """What a reply may be in: the conversation's language, and the one this very message was written in."""
        reading = self.told.reading
        return frozenset({self.language, reading.language, language_of(reading.text) or self.language})

    @property
    def sent(self) -> str:
        """What of the reply has reached the shopper."""
        return self.stream.sent if self.stream is not None else ""

    @property
    def may_stream(self) -> bool:
        """Whether words may go out before the turn is over: not beside what code has to word itself."""
        return not (self.proposals or self.exceptions or self.person_wanted or self.outage)

    @property
    def told(self) -> Brief:
        """The brief of this turn."""
        if self.brief is None:
            raise LookupError("this turn has no brief")
        return self.brief

    async def tell(self, event: str, data: dict[str, Any]) -> None:
        """Let whoever watches this turn know."""
        if self.watch is not None:
            await self.watch(event, data)


@dataclass(frozen=True, slots=True)
class Said:
    """A model's reply: the text, what it asks for, what stays on the agenda, and who said it; ``spent`` is all that the turn used."""

    text: str
    asks: tuple[str, ...] = ()
    agenda: tuple[Request, ...] = ()
    last: str = ""
    model: str = "embedded"
    input_tokens: int = 0
    output_tokens: int = 0
    spent: tuple[Usage, ...] = ()


NOTE = "postventa_note"
"""Marks a message to the model that stands where the shopper's do, but is ours."""


def since_last_message(messages: Sequence[Any]) -> list[Any]:
    """The model's calls and the tools' results that came after the shopper's last message; our notes are passed over."""
    for index in range(len(messages) - 1, -1, -1):
        if messages[index].type == "human" and NOTE not in messages[index].additional_kwargs:
            return list(messages[index + 1 :])
    return list(messages)
