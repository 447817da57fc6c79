"""Taking an order back before it ships, whole or in part."""

from __future__ import annotations

from dataclasses import replace

from tools.shop.booking.draft import Draft
from tools.shop.booking.paid import give_back, is_owed, sum_goods
from tools.shop.booking.units import Units, count_live, require_live, sum_units
from tools.shop.changes import CancelOrder, Terms
from tools.shop.models import OrderStatus, Shipment, ShipmentStatus

BEFORE_SHIPPING = (OrderStatus.UNPAID, OrderStatus.PROCESSING, OrderStatus.PACKED)


def cancel(draft: Draft, change: CancelOrder, terms: Terms) -> None:
    """Cancel the order, or the named units; goods go back into stock, money to where it came from."""
    draft.require(*BEFORE_SHIPPING)
    before = sum_goods(draft.order)
    if change.lines is None:
        _cancel_whole(draft)
    else:
        _cancel_units(draft, sum_units(change.lines.items()))
    if draft.order.status is OrderStatus.CANCELLED:
        draft.set(cancel_reason=change.reason)
    elif is_owed(draft.order):
        draft.set(total=draft.order.total + sum_goods(draft.order) - before)
    elif terms.refund:
        draft.set(total=draft.order.total - terms.refund)
    if terms.refund:
        give_back(draft, terms.refund, days=terms.refund_days, reason=change.kind)


def _cancel_whole(draft: Draft) -> None:
    for line in draft.order.lines:
        draft.move(line.variant_id, count_live(line))
    _close(draft)


def _cancel_units(draft: Draft, units: Units) -> None:
    require_live(draft, units)
    for line_id, quantity in units.items():
        draft.move(draft.line(line_id).variant_id, quantity)
    lines = tuple(replace(line, cancelled=line.cancelled + units.get(line.id, 0)) for line in draft.order.lines)
    draft.set(lines=lines)
    if not any(count_live(line) for line in lines):
        _close(draft)


def _close(draft: Draft) -> None:
    draft.set(status=OrderStatus.CANCELLED, shipments=tuple(_recall(parcel) for parcel in draft.order.shipments))


def _recall(parcel: Shipment) -> Shipment:
    if parcel.status is not ShipmentStatus.PRE_TRANSIT:
        return parcel
    return replace(parcel, status=ShipmentStatus.CANCELLED)
