"""A move of a person at the desk, as it is stored with its turn, and what a refused one says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.conversation import Json
from agent.errors import (
    AlreadyClaimed,
    AtCapacity,
    Busy,
    CaseClosed,
    Conflict,
    Forbidden,
    Invalid,
    NotClaimed,
    NotFound,
    OverLimit,
    PostventaError,
)

LEAD = "lead"

REFUSALS: Mapping[str, type[PostventaError]] = {
    one.type: one
    for one in (
        AlreadyClaimed,
        AtCapacity,
        Busy,
        CaseClosed,
        Conflict,
        Forbidden,
        Invalid,
        NotClaimed,
        NotFound,
        OverLimit,
    )
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a shop's desk, known by name; ``role`` is ``agent`` or ``lead``."""

    shop_id: str
    name: str
    role: str = "agent"

    @property
    def leads(self) -> bool:
        """Whether they may do what leads may."""
        return self.role == LEAD


@dataclass(frozen=True, slots=True)
class DeskMove:
    """What somebody does: ``do`` names it, ``given`` are its words. ``by`` is empty when the service does it itself."""

    do: str
    by: str
    role: str = ""
    handoff_id: str = ""
    given: Json = field(default_factory=dict)

    @property
    def leads(self) -> bool:
        """Whether a lead does it."""
        return self.role == LEAD

    def text(self, name: str = "text") -> str:
        """One of its words; empty when it was not given."""
        return str(self.given.get(name) or "")

    def to_json(self) -> dict[str, Any]:
        """As a turn's input."""
        return {
            "do": self.do,
            "by": self.by,
            "role": self.role,
            "handoff_id": self.handoff_id,
            "given": dict(self.given),
        }

    @classmethod
    def from_json(cls, values: Json) -> DeskMove:
        """From a turn's input. KeyError for anything else."""
        return cls(values["do"], values["by"], values["role"], values["handoff_id"], values["given"])


def problem_json(refused: PostventaError) -> dict[str, str]:
    """A refusal as it is kept with the turn."""
    return {"type": refused.type, "detail": refused.detail}


def raise_problem(problem: Json | None) -> None:
    """Raise the refusal that was kept, if one was."""
    if problem is not None:
        raise REFUSALS.get(problem["type"], PostventaError)(problem["detail"])
