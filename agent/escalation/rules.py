"""The figures the policy decides with, from YAML, and a shop's own laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from agent.errors import Misconfigured
from agent.escalation.hearing import Heard
from agent.escalation.lexicon import LOADER
from agent.escalation.meaning import Meaning
from agent.escalation.signals import Signal
from agent.escalation.verdict import ReasonCode

SHIPPED: Final = Path(__file__).parent / "rules.yaml"

ALWAYS_ON: Final = frozenset({ReasonCode.HUMAN_REQUEST, ReasonCode.SAFETY, ReasonCode.LEGAL, ReasonCode.FRAUD})
"""Reasons that no file can take away."""

UNDECLINABLE: Final = frozenset({ReasonCode.SAFETY, ReasonCode.LEGAL, ReasonCode.FRAUD})
"""Reasons for which a person is called even when the shopper would rather stay with the agent."""


Margin: TypeAlias = Annotated[float, Field(ge=-2, le=2)]


_FEW: Final = 3
_SHORT: Final = frozenset({Meaning.HUMAN_REQUEST, Meaning.DECLINES_PERSON, Meaning.RELIEF})
_OWN: Final = frozenset({Meaning.SAFETY, Meaning.LEGAL, Meaning.FRAUD, Meaning.VULNERABLE, Meaning.DATA_PRIVACY})
"""What counts when it has happened to the shopper, not when it might, or did to others."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Desk(_Strict):
    """Where a reason goes; ``priority`` 1 is the highest of five."""

    queue: str = Field(min_length=1)
    priority: int = Field(ge=1, le=5)


class MoodRules(_Strict):
    """Heat a line adds by what it says, and what the pressure of all lines leads to."""

    insult: float = Field(ge=0)
    anger: float = Field(ge=0)
    grievance: float = Field(ge=0)
    resignation: float = Field(ge=0)
    more_of_the_same: float = Field(ge=0, le=1)
    hottest_line: float = Field(gt=0)
    shouted: float = Field(ge=1)
    marked: float = Field(ge=1)
    after_denial: float = Field(ge=0)
    polite: float = Field(ge=0, le=1)
    reader: float = Field(ge=0, le=1)
    complaint: float = Field(ge=0)
    fed_up: Margin
    kept: float = Field(ge=0, lt=1)
    kept_after_relief: float = Field(ge=0, lt=1)
    offer: float = Field(gt=0)
    escalate: float = Field(gt=0)
    escalate_at_once: float = Field(gt=0)


class SenseRules(_Strict):
    """Margins from which a line means something by itself, and below which the words that say so are doubted."""

    alone: dict[Meaning, Margin]
    doubt: dict[Meaning, Margin]
    leaning: float = Field(ge=0)
    supposed: float = Field(ge=0)
    pieced: float = Field(ge=0)
    heat: float = Field(ge=0)
    hotter: float = Field(ge=0)

    @field_validator("alone")
    @classmethod
    def _name_every_meaning(cls, alone: dict[Meaning, float]) -> dict[Meaning, float]:
        if missing := [meaning.value for meaning in Meaning if meaning not in alone]:
            raise ValueError(f"meanings without a margin: {', '.join(missing)}")
        return alone

    def hears(self, meaning: Meaning, heard: Heard, *, likely: bool = False) -> bool:
        """Whether the line as a whole means it; ``likely`` where what came before already points that way.

        A line of a word or two is not enough for it, but to ask for a person or turn one down.
        """
        if len(heard.words) < _FEW and meaning not in _SHORT:
            return False
        least = self.alone[meaning] - (self.leaning if likely else 0.0)
        return heard.means(meaning, least + self._caution(meaning, heard))

    def doubts(self, meaning: Meaning, heard: Heard, *, pieced: bool = False) -> bool:
        """Whether the line as a whole is so far from what its words say that they are about something else.

        ``pieced`` where it was only put together from words that stand apart.
        """
        if not heard.margins or meaning not in self.doubt:
            return False
        more = self.pieced if pieced else 0.0
        return heard.margins[meaning] < self.doubt[meaning] + more + self._caution(meaning, heard)

    def _caution(self, meaning: Meaning, heard: Heard) -> float:
        """How much more it takes where the line only supposes it, asks in general, or tells of somebody else's.

        Legal steps are often announced as "just so you know": there only a question counts as asked in general.
        """
        if meaning not in _OWN or not heard.first(Signal.SUPPOSED):
            return 0.0
        announced = meaning is Meaning.LEGAL and not heard.question
        return 0.0 if announced else self.supposed


class LoopRules(_Strict):
    """Repetitions that lead to an offer and to a person; how alike two lines are when one repeats the other."""

    offer: int = Field(ge=1)
    escalate: int = Field(ge=1)
    alike: float = Field(gt=0, le=1)
    shared: int = Field(ge=1)

    def repeats(self, heard: Heard, earlier: Iterable[Heard]) -> bool:
        """Whether the line says what one of the earlier ones said, in much the same words."""
        return any(
            (heard.words == other.words and len(heard.words) > 1) or self._alike(heard.content, other.content)
            for other in earlier
        )

    def _alike(self, one: frozenset[str], other: frozenset[str]) -> bool:
        shared, smaller = len(one & other), min(len(one), len(other))
        return shared >= min(self.shared, smaller) and shared >= self.alike * max(smaller, 1)


class ExceptionRules(_Strict):
    """Refusals after which a person is offered although no exception was asked for."""

    denials_to_offer: int = Field(ge=1)


class ComplexityRules(_Strict):
    """Points of entanglement that lead to an offer and to a person."""

    offer: int = Field(ge=1)
    escalate: int = Field(ge=1)


class OutageRules(_Strict):
    """Failures that a shopper has to put up with before a person is called."""

    failed_actions: int = Field(ge=1)
    agent_lines: int = Field(ge=1)


class ValueRules(_Strict):
    """``limit`` in units of the shop's value limit."""

    limit: float = Field(gt=0)


class Rules(_Strict):
    """All figures. ``reasons`` are in the order of their gravity."""

    reasons: dict[ReasonCode, Desk]
    without: frozenset[ReasonCode] = frozenset()
    mood: MoodRules
    sense: SenseRules
    loop: LoopRules
    exception: ExceptionRules
    complexity: ComplexityRules
    outage: OutageRules
    value: ValueRules

    @field_validator("without")
    @classmethod
    def _keep_always_on(cls, without: frozenset[ReasonCode]) -> frozenset[ReasonCode]:
        if kept := sorted(code.value for code in without & ALWAYS_ON):
            raise ValueError(f"{', '.join(kept)} cannot be switched off")
        return without

    @model_validator(mode="after")
    def _name_every_reason(self) -> Rules:
        if missing := [code.value for code in ReasonCode if code not in self.reasons]:
            raise ValueError(f"reasons without a queue: {', '.join(missing)}")
        return self


def load_rules(path: Path | None = None) -> Rules:
    """The shipped figures, with those of the shop's file in their place.

    Raises:
        Misconfigured: Names the file and the key that cannot be used.

    """
    values = _read(SHIPPED)
    if path is not None:
        values = _overlaid(values, _read(path))
    try:
        return Rules.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "reasons"
        raise Misconfigured(f"{path or SHIPPED}: {key}: {first['msg']}") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        values = yaml.load(file.read_text("utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Misconfigured(f"{file}: cannot be read: {error}") from error
    if not isinstance(values, dict | None):
        raise Misconfigured(f"{file}: holds no keys")
    return values or {}


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(laid.get(key), dict)
        laid[key] = _overlaid(laid[key], value) if nested else value
    return laid
