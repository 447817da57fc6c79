"""All finders together: who comes first keeps the characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from agent.understanding.entities.contact import find_codes, find_emails, find_phones
from agent.understanding.entities.orders import find_orders
from agent.understanding.entities.span import Message, outside
from agent.understanding.reading import Entity

Finder = Callable[[Message], list[Entity]]

_FINDERS: Final[tuple[Finder, ...]] = (find_emails, find_codes, find_orders, find_phones)


def find_entities(message: Message) -> tuple[Entity, ...]:
    """Every entity of the message, in the order said; no two of them overlap."""
    taken: list[Entity] = []
    for find in _FINDERS:
        taken += outside(find(message), taken)
    return tuple(sorted(taken, key=lambda entity: entity.start))
