"""One turn as a flow sees it: what is known, what tools answered so far, and a way to ask for more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agent.conversation import Request
from agent.loop.brief import Brief
from agent.loop.wording import Wording
from agent.understanding.reading import EntityKind
from prompts.loader import Sentences
from tools.scope import Identity

Result = Mapping[str, Any]


class Need(Exception):
    """A flow cannot go on without this tool's answer. The model calls it and the flow is run again with the result."""

    def __init__(self, name: str, arguments: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.name = name
        self.arguments = dict(arguments)


@dataclass(frozen=True, slots=True)
class Step:
    """What a flow did: paragraphs to say, what they ask for, and the request as it stays (none: it is done)."""

    say: tuple[str, ...]
    asks: tuple[str, ...] = ()
    keep: Request | None = None


@dataclass(slots=True)
class Case:
    """The surroundings of a flow.

    ``results`` are this turn's tool answers by call; a flow is written as if every tool answered at once, and is
    simply run again after each answer. ``last`` is the intent worked on last, ``begun`` that there was one. Flows are pure: same brief and results, same step.
    """

    brief: Brief
    identity: Identity
    sentences: Sentences
    wording: Wording
    results: Mapping[str, Result] = field(default_factory=dict)
    begun: bool = False
    last: str = ""

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

    def heard(self, kind: EntityKind) -> str | None:
        """The value of the first entity of that kind in this message."""
        entity = self.brief.reading.first(kind)
        return entity.value if entity else None

    def known(self, kind: EntityKind) -> str | None:
        """The value said in this message, or the latest said before."""
        return self.heard(kind) or self.brief.fact(kind.value)

    def asked(self, kind: str) -> bool:
        """Whether the last reply asked for that."""
        return kind in self.brief.asked


def call_key(name: str, arguments: Mapping[str, Any]) -> str:
    """One string for a tool call, equal for equal calls."""
    return f"{name} {json.dumps(arguments, sort_keys=True, ensure_ascii=False)}"


def with_slots(request: Request, stage: str = "", **slots: Any) -> Request:
    """The request with more known about it."""
    return replace(request, slots={**request.slots, **slots}, stage=stage)
