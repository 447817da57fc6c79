"""Where, when and how an order is brought."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.shop.booking.draft import Draft
from tools.shop.booking.paid import is_owed
from tools.shop.changes import ChangeAddress, ChangePickup, ChangeSlot, HoldDelivery, SetInstructions, Terms
from tools.shop.errors import NotPossible
from tools.shop.models import OrderStatus

ON_THE_WAY = (OrderStatus.UNPAID, OrderStatus.PROCESSING, OrderStatus.PACKED, OrderStatus.SHIPPED)


def change_address(draft: Draft, change: ChangeAddress, terms: Terms) -> None:
    """Send it somewhere else."""
    draft.require(*ON_THE_WAY)
    draft.set(address=change.address)
    _charge(draft, terms)


def change_slot(draft: Draft, change: ChangeSlot, terms: Terms) -> None:
    """Bring it in that window; the slot must be on offer now."""
    slot = next((slot for slot in draft.facts.slots if slot.id == change.slot_id), None)
    if change.slot_id is not None and slot is None:
        raise NotPossible("unknown_slot", change.slot_id)
    _choose(draft, slot=slot)
    _charge(draft, terms)


def change_pickup(draft: Draft, change: ChangePickup, terms: Terms) -> None:
    """Bring it to that point; it must be one near the order's address."""
    point = next((point for point in draft.facts.pickup_points if point.id == change.pickup_point_id), None)
    if change.pickup_point_id is not None and point is None:
        raise NotPossible("unknown_pickup_point", change.pickup_point_id)
    _choose(draft, pickup_point=point)
    _charge(draft, terms)


def hold(draft: Draft, change: HoldDelivery, terms: Terms) -> None:
    """Keep it until that day."""
    _choose(draft, hold_until=change.until)
    _charge(draft, terms)


def instruct(draft: Draft, change: SetInstructions, terms: Terms) -> None:
    """Tell the carrier something."""
    _choose(draft, instructions=change.text)
    _charge(draft, terms)


def _choose(draft: Draft, **choice: Any) -> None:
    draft.require(*ON_THE_WAY)
    draft.set(delivery=replace(draft.order.delivery, **choice))


def _charge(draft: Draft, terms: Terms) -> None:
    """Book what the delivery costs more, with the method the order was paid with; an unpaid order just owes it."""
    if not terms.charge:
        return
    order = draft.order
    if not is_owed(order):
        if order.paid_with is None:
            raise NotPossible("unknown_method", "the order names no payment")
        draft.pay(order.paid_with, terms.charge)
    draft.set(total=order.total + terms.charge, shipping_cost=order.shipping_cost + terms.charge)
