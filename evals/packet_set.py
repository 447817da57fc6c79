"""Handoffs whose packets are graded, as files; ``packet_set/README.md`` says what is in them."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from agent.understanding.reading import EntityKind

FOLDER = Path(__file__).with_name("packet_set")
LANGUAGES = ("es", "en", "pt")

Facts = dict[EntityKind, tuple[str, ...]]


class Sample(BaseModel):
    """One conversation. ``may`` are facts that a packet may hold without having to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    customer: str | None
    turns: tuple[str, ...] = Field(min_length=1)
    facts: Facts
    may: Facts = {}
    waiting: tuple[str, ...] = ()
    more: Facts = {}
    notes: str = ""
    then: str

    @property
    def language(self) -> str:
        """The shopper's."""
        return self.id.partition("-")[0]

    @property
    def told(self) -> list[tuple[EntityKind, str]]:
        """Every fact that has to be there."""
        return [
            (kind, value) for facts in (self.facts, self.more) for kind, values in facts.items() for value in values
        ]

    @property
    def allowed(self) -> list[tuple[EntityKind, str]]:
        """Every fact that may be there."""
        return [*self.told, *((kind, value) for kind, values in self.may.items() for value in values)]


_FILE = TypeAdapter(tuple[Sample, ...])


def read_samples(folder: Path = FOLDER) -> tuple[Sample, ...]:
    """All of them. Raises ``ValidationError``."""
    read = (yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8")) for language in LANGUAGES)
    return tuple(one for rows in read for one in _FILE.validate_python(rows))
