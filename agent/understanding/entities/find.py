"""All finders together: who comes first keeps the characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from agent.understanding.entities.calendar import find_dates
from agent.understanding.entities.contact import find_codes, find_emails, find_phones
from agent.understanding.entities.goods import find_colors, find_products, find_quantities, find_reasons, find_sizes
from agent.understanding.entities.hours import find_windows
from agent.understanding.entities.orders import find_orders
from agent.understanding.entities.people import find_names, find_payment_methods, find_payment_references
from agent.understanding.entities.places import find_addresses
from agent.understanding.entities.postal import find_postal_codes
from agent.understanding.entities.span import Message, outside
from agent.understanding.reading import Entity, EntityKind

Finder = Callable[[Message], list[Entity]]

_EXCLUSIVE: Final[tuple[Finder, ...]] = (
    find_emails,
    find_payment_references,
    find_addresses,
    find_codes,
    find_phones,
    find_orders,
    find_dates,
    find_windows,
    find_sizes,
    find_quantities,
    find_payment_methods,
    find_colors,
    find_names,
)


def find_entities(message: Message) -> tuple[Entity, ...]:
    """Every entity of the message, in the order said.

    Characters belong to one entity only, but for postal codes (also inside an address), products and reasons.
    """
    postal = find_postal_codes(message)
    taken: list[Entity] = []
    for find in _EXCLUSIVE:
        found = outside(find(message), taken)
        if find in (find_codes, find_orders, find_phones, find_dates, find_windows, find_sizes):
            found = outside(found, postal)
        taken += found
    places = [entity for entity in taken if entity.kind is EntityKind.ADDRESS]
    taken += postal + find_products(message) + outside(find_reasons(message), places)
    return tuple(sorted(taken, key=lambda entity: (entity.start, entity.end)))
