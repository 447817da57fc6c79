"""A reason that the rules found, before they are weighed against each other."""

from __future__ import annotations

from dataclasses import dataclass

from agent.escalation.verdict import Cause, ReasonCode, Stance


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reason calls for; ``firm`` when the shopper cannot wave it away."""

    stance: Stance
    cause: Cause
    firm: bool = False


def found(stance: Stance, code: ReasonCode, evidence: str, line: int, *, firm: bool = False) -> Finding:
    """A finding with its cause."""
    return Finding(stance, Cause(code, evidence, line), firm)
