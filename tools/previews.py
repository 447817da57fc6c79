"""What a change would turn into what, in words a shopper reads: only what differs, JSON-ready."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.errors import AskAgain
from tools.grounds import Grounds
from tools.item_previews import preview_items
from tools.rendering import (
    plain,
    render_address,
    render_method_of,
    render_pickup_point,
    render_slot,
)
from tools.shop.changes import (
    Change,
    ChangeAddress,
    ChangePayment,
    ChangePickup,
    ChangeProfileAddress,
    ChangeSlot,
    HoldDelivery,
    SetInstructions,
    Terms,
)
from tools.shop.models import DeliveryChoice, Order
from tools.shop.port import Shop

Preview = tuple[dict[str, Any], dict[str, Any]]


async def preview(
    change: Change, grounds: Grounds, terms: Terms, *, shop: Shop, zone: ZoneInfo, now: datetime
) -> Preview:
    """``(before, after)`` of an allowed change.

    Raises ``AskAgain("unknown_slot")`` and ``AskAgain("unknown_pickup_point")`` with what the carrier does offer.
    """
    order = grounds.order
    match change:
        case ChangeProfileAddress():
            return _pair("address", render_address(grounds.customer.address), render_address(change.address))
        case ChangeSlot() if order:
            return _pair("slot", render_slot(order.delivery.slot, zone), await _slot(change, order, shop, zone, now))
        case ChangePickup() if order:
            old = render_pickup_point(order.delivery.pickup_point)
            return _pair("pickup_point", old, await _pickup_point(change, order, shop))
        case ChangeAddress() if order:
            return _pair("address", render_address(order.address), render_address(change.address))
        case HoldDelivery() | SetInstructions() if order:
            return _choice(change, order.delivery)
        case ChangePayment() if order:
            methods = [render_method_of(grounds.customer, key) for key in (order.paid_with, change.method_id)]
            return _pair("payment_method", *methods)
    return preview_items(change, grounds, terms, zone)


def _pair(name: str, before: Any, after: Any) -> Preview:
    return {name: before}, {name: after}


def _choice(change: HoldDelivery | SetInstructions, choice: DeliveryChoice) -> Preview:
    if isinstance(change, HoldDelivery):
        return _pair("hold_until", plain(choice.hold_until), plain(change.until))
    return _pair("instructions", choice.instructions, change.text)


async def _slot(change: ChangeSlot, order: Order, shop: Shop, zone: ZoneInfo, now: datetime) -> Any:
    if change.slot_id is None:
        return None
    offered = await shop.slots_for(order, now)
    wanted = next((slot for slot in offered if slot.id == change.slot_id), None)
    if wanted is None:
        raise AskAgain("unknown_slot", slots=[render_slot(slot, zone) for slot in offered])
    return render_slot(wanted, zone)


async def _pickup_point(change: ChangePickup, order: Order, shop: Shop) -> Any:
    if change.pickup_point_id is None:
        return None
    offered = await shop.pickup_points_for(order)
    wanted = next((point for point in offered if point.id == change.pickup_point_id), None)
    if wanted is None:
        raise AskAgain("unknown_pickup_point", pickup_points=[render_pickup_point(point) for point in offered])
    return render_pickup_point(wanted)
