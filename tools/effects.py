"""What a tool may do to the world, declared on the tool itself; code acts on it, the model does not see it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from langchain_core.tools import BaseTool


class Effect(StrEnum):
    """``READ`` changes nothing but the scope; ``PROPOSE`` leaves something for the shopper or a person to decide."""

    READ = "read"
    PROPOSE = "propose"


def effect(kind: Effect) -> Callable[[BaseTool], BaseTool]:
    """Declare a tool's effect; goes above ``@tool``."""

    def declare(subject: BaseTool) -> BaseTool:
        subject.metadata = {**(subject.metadata or {}), "effect": kind.value}
        return subject

    return declare


def effect_of(subject: BaseTool) -> Effect:
    """The declared effect. KeyError for a tool without one: such a tool must not be given to a model."""
    return Effect((subject.metadata or {})["effect"])
