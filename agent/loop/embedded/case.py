"""One turn as a flow sees it: what is known, what tools answered so far, and a way to ask for more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agent.conversation import Request
from agent.loop.agenda import TOLD_AT_ONCE
from agent.loop.brief import Brief
from agent.loop.wording import Wording
from agent.understanding.reading import EntityKind
from prompts.loader import Sentences
from tools.proposals import proposal_from_json
from tools.scope import Identity

Result = Mapping[str, Any]
NOTHING = Request("", "")
NO_TOPIC = "-"
"""In the place of the intent worked on last when there was none."""


class Need(Exception):
    """A flow cannot go on without this tool's answer. The model calls it and the flow is run again with the result."""

    def __init__(self, name: str, arguments: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.name = name
        self.arguments = dict(arguments)


@dataclass(frozen=True, slots=True)
class Step:
    """What a flow did: paragraphs to say, what they ask for, and the request as it stays (none: it is done).

    ``offer`` is a request that the reply only holds out; it stays when nothing else does.
    """

    say: tuple[str, ...]
    asks: tuple[str, ...] = ()
    keep: Request | None = None
    offer: Request | None = None


@dataclass(slots=True)
class Case:
    """The surroundings of a flow.

    ``results`` are this turn's tool answers by call; a flow is written as if every tool answered at once, and is
    simply run again after each answer. ``request`` is the one at work. ``memory`` holds words on what this
    conversation has had already: the intent worked on last comes first. Flows are pure: same brief and results, same
    step.
    """

    brief: Brief
    identity: Identity
    sentences: Sentences
    wording: Wording
    results: Mapping[str, Result] = field(default_factory=dict)
    request: Request = NOTHING
    memory: list[str] = field(default_factory=lambda: [NO_TOPIC])

    def call(self, name: str, **arguments: Any) -> Result:
        """The tool's answer, an error view included. Raises ``Need`` when it was not called yet in this turn."""
        key = call_key(name, arguments)
        if key not in self.results:
            raise Need(name, arguments)
        return self.results[key]

    def called(self, name: str) -> bool:
        """Whether that tool answered in this turn, whatever its arguments."""
        return any(key.startswith(f"{name} ") for key in self.results)

    def say(self, key: str, /, **values: Any) -> str:
        """A sentence in the shopper's language; the wording varies with the turn."""
        return self.sentences.say(key, self.brief.language, pick=self.brief.seed, **values)

    def say_of(self, key: str, known: Result) -> str:
        """A sentence that takes from what is known those values it wants."""
        return self.say(key, **{name: known[name] for name in self.sentences.keys[key]})

    @property
    def text(self) -> str:
        """What this message says to the request at work: its own words, an answer to it, or nothing."""
        if self._is_fresh(self.request):
            return self.request.words
        return self.brief.reading.text if self._is_answered() else ""

    def heard(self, kind: EntityKind) -> str | None:
        """The value that this message gives the request at work."""
        if self._is_fresh(self.request):
            value = self.request.slots.get("said", {}).get(kind.value)
            return str(value) if value is not None else None
        entity = self.brief.reading.first(kind) if self._is_answered() else None
        return entity.value if entity else None

    def told(self, kind: EntityKind) -> str | None:
        """The value heard, or the one that came with the request's own words."""
        value = self.heard(kind) or self.request.slots.get("said", {}).get(kind.value)
        return str(value) if value is not None else None

    def known(self, kind: EntityKind) -> str | None:
        """The value told, or the latest said in the conversation."""
        return self.told(kind) or self.brief.fact(kind.value)

    def asked(self, kind: str) -> bool:
        """Whether the last reply asked for that, and this message answers."""
        return kind in self.brief.asked and bool(self.text)

    @property
    def pending_words(self) -> str:
        """The proposal that waits, in the language spoken now."""
        return self.wording.proposal(proposal_from_json(self.brief.pending[-1].proposal), self.brief.language)

    def learned(self, word: str) -> bool:
        """Whether the conversation has that since this very turn."""
        return word in self.memory and word not in self.brief.last.split()

    @property
    def topic(self) -> str:
        """The intent worked on last."""
        return self.memory[0]

    def remembers(self, word: str) -> bool:
        """Whether the conversation has had that."""
        return word in self.memory

    def remember(self, word: str) -> None:
        """Keep that for the rest of the conversation."""
        if word not in self.memory:
            self.memory.append(word)

    def hears_another_wish(self, request: Request) -> bool:
        """Whether this message wants something besides that stays on the agenda; what was told at once does not."""
        others = (one for one in self.brief.agenda if one.intent not in (request.intent, *TOLD_AT_ONCE))
        return any(self._is_fresh(one) for one in others)

    def _is_fresh(self, request: Request) -> bool:
        return bool(request.words) and not self.brief.resumed and request.words in self.brief.reading.text

    def _is_answered(self) -> bool:
        """The message answers the first request unless some request was born of it."""
        agenda = self.brief.agenda
        if self.brief.resumed or any(self._is_fresh(one) for one in agenda):
            return False
        return not agenda or agenda[0].intent == self.request.intent


def call_key(name: str, arguments: Mapping[str, Any]) -> str:
    """One string for a tool call, equal for equal calls."""
    return f"{name} {json.dumps(arguments, sort_keys=True, ensure_ascii=False)}"


def with_slots(request: Request, stage: str = "", **slots: Any) -> Request:
    """The request with more known about it."""
    return replace(request, slots={**request.slots, **slots}, stage=stage)
