"""What the escalation policy answers, and what it is asked with: frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from agent.understanding.reading import Reading


class Stance(StrEnum):
    """Hand over now, offer a person, or go on."""

    ESCALATE = "escalate"
    OFFER = "offer"
    STAY = "stay"


class ReasonCode(StrEnum):
    """Why a person is needed."""

    HUMAN_REQUEST = "human_request"
    FRUSTRATION = "frustration"
    COMPLEXITY = "complexity"
    LEGAL = "legal"
    SAFETY = "safety"
    VULNERABLE = "vulnerable"
    FRAUD = "fraud"
    LOOP = "loop"
    OUT_OF_POLICY_EXCEPTION = "out_of_policy_exception"
    DATA_PRIVACY = "data_privacy"
    TOOL_OUTAGE = "tool_outage"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of the dialogue; ``who`` is shopper, agent or person. Shopper lines carry their reading.

    ``moved``: the agent did something new in that turn, so that its words are no circle, however alike they sound.
    """

    who: str
    text: str
    reading: Reading | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the words do not show: counts over the conversation so far.

    ``asked_again`` is how often the agent had to repeat the same question; ``declined`` that the shopper turned a
    person down; ``offered`` that the agent's last reply offered one; ``value`` the highest order total in play, in
    units of the shop's value limit (1.0 is the limit); ``settled`` how many of the first lines an ended handoff has
    dealt with, so that a request for a person in them is not heard again.
    """

    failed_actions: int = 0
    denials: int = 0
    exceptions: int = 0
    asked_again: int = 0
    outage: bool = False
    unresolved_write: bool = False
    declined: bool = False
    offered: bool = False
    value: float = 0.0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason with the words that show it and the index of the line they are in."""

    code: ReasonCode
    evidence: str
    line: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The stance with its causes, gravest first; ``queue`` and ``priority`` (1 highest .. 5) for the desk.

    ``declined``: the last line turns a person down.
    """

    stance: Stance
    causes: tuple[Cause, ...] = ()
    queue: str = "general"
    priority: int = 3
    declined: bool = False


class EscalationPolicy(Protocol):
    """Decides from the whole conversation, for whichever model, on every turn."""

    def decide(self, lines: Sequence[Line], circumstances: Circumstances) -> Decision:
        """The decision after the last line, which is the shopper's."""
        ...

    def offers_person(self, reply: str) -> bool:
        """Whether those words of the agent's offer a person."""
        ...
