"""What a shop is besides its customers, products and orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from tools.shop.changes import ChangeKind
from tools.shop.data import ShopData, SlotPlan
from tools.shop.wire import Form


@dataclass(frozen=True, slots=True)
class Profile:
    """Its name, time zone, the writes it can carry out and the delivery windows it offers, by country."""

    name: str = ""
    zone: str = "UTC"
    capabilities: frozenset[ChangeKind] = frozenset(ChangeKind)
    slot_plan: Mapping[str, SlotPlan] = field(default_factory=dict)

    @classmethod
    def of(cls, data: ShopData) -> Profile:
        """The profile of the shop in that data."""
        return cls(data.name, data.zone, data.capabilities, dict(data.slot_plan))


PROFILE: Form[Profile] = Form(TypeAdapter(Profile))
