"""What the finders of entities share: the message at hand and how a match becomes an entity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.understanding.reading import Entity, EntityKind


@dataclass(frozen=True, slots=True)
class Message:
    """A message with what it is read against; ``folded`` has the same offsets as ``text``."""

    text: str
    folded: str
    language: str
    now: datetime
    zone: ZoneInfo
    products: Sequence[str] = ()

    def entity(self, kind: EntityKind, start: int, end: int, value: str) -> Entity:
        """The entity of that span, its text verbatim."""
        return Entity(kind, self.text[start:end], value, start, end)


def outside(found: Iterable[Entity], taken: Sequence[Entity]) -> list[Entity]:
    """Those entities that share no character with the ones already taken."""
    return [entity for entity in found if not any(entity.start < t.end and t.start < entity.end for t in taken)]
