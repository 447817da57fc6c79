"""The port to a server of tools that is not ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Definition:
    """A tool as its server describes it; ``schema`` is the JSON Schema of its arguments. Not ours: data."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool answered: a JSON object, ``{"text": ...}`` where it is none; ``ok`` is false when it says it failed."""

    ok: bool
    value: Mapping[str, Any]


class RemoteTools(Protocol):
    """A server of tools.

    Every method may raise ``tools.shop.errors.ShopUnavailable``: it did not answer, not in time, or not as the protocol
    has it; whether a call took effect is then unknown.
    """

    async def definitions(self) -> Sequence[Definition]:
        """What it offers."""
        ...

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Have it run one; tried once."""
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...
