"""Everything one shop consists of, as it is loaded into an order system and read out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from tools.shop.changes import ChangeKind
from tools.shop.models import Customer, Order, PickupPoint, Product
from tools.shop.money import Money

WINDOWS = ((time(9), time(13)), (time(14), time(18)), (time(18), time(21)))


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """The delivery windows offered in a country, in its local time; never on Sundays.

    ``zone`` is an IANA name. ``windows`` are (start, end) in order, and no two of them start in the same hour. They
    are offered from ``first_day`` to ``last_day`` days after today, counted in that zone.
    """

    zone: str
    fee: Money
    windows: tuple[tuple[time, time], ...] = WINDOWS
    first_day: int = 1
    last_day: int = 5


@dataclass(frozen=True, slots=True)
class ShopData:
    """A whole shop. ``slot_plan`` is keyed by country (ISO 3166-1 alpha-2); a country not in it offers no slots.

    Orders of one customer stand oldest first: where ``placed_at`` is absent, the later in the list is the newer.
    """

    name: str
    zone: str
    customers: tuple[Customer, ...]
    products: tuple[Product, ...]
    orders: tuple[Order, ...]
    pickup_points: tuple[PickupPoint, ...] = ()
    slot_plan: Mapping[str, SlotPlan] = field(default_factory=dict)
    capabilities: frozenset[ChangeKind] = frozenset(ChangeKind)


class ImportRefused(Exception):
    """A file could not be read as a shop; nothing of it was loaded.

    ``problems`` has one line for each defect found: file, line number, column and reason.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
