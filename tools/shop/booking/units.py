"""How many units of a line are still there, were delivered, and are already on their way back or reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tools.shop.booking.draft import Draft
from tools.shop.errors import NotPossible
from tools.shop.models import (
    ClaimStatus,
    LineId,
    Order,
    OrderLine,
    OrderStatus,
    ReturnStatus,
    ShipmentStatus,
)

Units = Mapping[LineId, int]


def count_live(line: OrderLine) -> int:
    """Units that were not cancelled."""
    return line.quantity - line.cancelled


def count_delivered(order: Order, line: OrderLine) -> int:
    """Units the customer has: all of a delivered order but those in parcels that did not arrive."""
    arrived = sum(s.contents.get(line.id, 0) for s in order.shipments if s.status is ShipmentStatus.DELIVERED)
    if order.status is not OrderStatus.DELIVERED:
        return min(arrived, count_live(line))
    elsewhere = sum(s.contents.get(line.id, 0) for s in order.shipments) - arrived
    return max(count_live(line) - elsewhere, 0)


def count_returning(order: Order, line_id: LineId) -> int:
    """Units in returns and exchanges that were not withdrawn."""
    returned = sum(
        part.quantity
        for back in order.returns
        if back.status is not ReturnStatus.CANCELLED
        for part in back.lines
        if part.line_id == line_id
    )
    swapped = sum(
        swap.quantity
        for exchange in order.exchanges
        if exchange.status is not ReturnStatus.CANCELLED
        for swap in exchange.swaps
        if swap.line_id == line_id
    )
    return returned + swapped


def count_claimed(order: Order, line_id: LineId) -> int:
    """Units in claims that were not rejected."""
    return sum(c.lines.get(line_id, 0) for c in order.claims if c.status is not ClaimStatus.REJECTED)


def sum_units(parts: Iterable[tuple[LineId, int]]) -> dict[LineId, int]:
    """Units by line; refuses with ``bad_quantity`` when there are none or a part is not positive."""
    units: dict[LineId, int] = {}
    for line_id, quantity in parts:
        if quantity < 1:
            raise NotPossible("bad_quantity", f"{line_id}: {quantity}")
        units[line_id] = units.get(line_id, 0) + quantity
    if not units:
        raise NotPossible("bad_quantity", "no units")
    return units


def require_live(draft: Draft, units: Units) -> None:
    """Refuse unless the order has those units, not cancelled."""
    for line_id, quantity in units.items():
        if quantity > count_live(draft.line(line_id)):
            raise NotPossible("bad_quantity", line_id)


def require_returnable(draft: Draft, units: Units) -> None:
    """Refuse unless those units were delivered and are neither coming back nor claimed for already."""
    for line_id, quantity in units.items():
        line = draft.line(line_id)
        taken = count_returning(draft.order, line_id) + count_claimed(draft.order, line_id)
        if quantity > count_delivered(draft.order, line) - taken:
            raise NotPossible("bad_quantity", line_id)


def require_claimable(draft: Draft, units: Units) -> None:
    """Refuse unless the order has those units and no claim is about them yet."""
    for line_id, quantity in units.items():
        if quantity > count_live(draft.line(line_id)) - count_claimed(draft.order, line_id):
            raise NotPossible("bad_quantity", line_id)
