"""All that a rule may ask about: one flat record, the same for every kind of change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tools.shop.models import LineId, OrderStatus, PaymentKind, ReturnStatus, ShipmentStatus

Seen = dict[str, Any]
"""Some fields of ``Facts`` by name, as one observer sees them; the record is built once, from all of them."""


class RefundTarget(StrEnum):
    """Where the money of a return goes: to a method that paid for the order, to a gift card, or to another method."""

    ORIGINAL = "original"
    GIFT_CARD = "gift_card"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so about one change, for one of the lines it touches (or for none).

    A fact that a kind of change does not touch keeps its default, which stands in nobody's way. A fact that is
    none is not known; no limit holds for it. Days are calendar days in the shop's time zone.
    """

    offered: bool = True
    """The shop has this capability and the version in force has rules for it."""
    identity: int = 0
    """The identity level shown."""
    owned: bool = True
    """The order exists and is this customer's."""

    country: str = ""
    country_known: bool = True
    """The order was sold in a served country, in its currency."""
    order_status: OrderStatus | None = None
    items_changed: bool = False
    gift: bool = False
    """Bought as a gift."""
    payments: int = 0
    """Payments and refunds recorded on the order."""
    live_returns: int = 0
    """Returns and exchanges of the order that were not cancelled."""

    parcel: ShipmentStatus = ShipmentStatus.PRE_TRANSIT
    """The parcel that stands most in the way of a change; ``pre_transit`` when nothing has left yet."""
    days_overdue: int | None = None
    """Days past the promised day of a parcel that has not arrived; negative before it."""
    days_silent: int | None = None
    """Days since the carrier last said anything about a parcel that has not arrived."""
    hours_to_slot: float | None = None
    """Hours until the chosen delivery window starts; none when none is chosen."""
    slot_chosen: bool = False

    line_id: LineId | None = None
    category: str = ""
    line_known: bool = True
    delivered: bool = False
    """This line (or, without a line, the order) has been delivered."""
    delivered_on: date | None = None
    days_since_delivery: int = 0
    """0 also while it has not arrived, or when nobody knows when: no window runs then."""
    delivery_dated: bool = True
    """It is known when it was delivered."""
    final_sale: bool = False
    hygiene: bool = False
    quantity_ok: bool = True
    """At least one unit is asked for and no more than there are left."""
    cancelled_already: bool = False
    returned_already: bool = False
    """All remaining units are in a return or an exchange."""
    claimed_already: bool = False
    """An open claim of the same kind covers this line."""

    reason: str = ""
    """Why: a return reason, a kind of claim, or the words given for a cancellation."""
    shop_fault: bool = False
    """The reason is one that the policy lists under ``faults``."""
    clearing: bool = False
    """The change takes an earlier choice off (slot, pickup point, hold)."""
    partial: bool = False
    """Only some units are to be cancelled."""
    address_complete: bool = True
    address_differs: bool = True
    same_country: bool = True
    hold_days: int = 0
    """Days from today until the day asked for."""
    text_length: int = 0
    rma_status: ReturnStatus | None = None

    same_product: bool = True
    """The new variant exists and is of the line's product."""
    same_variant: bool = False
    available: bool = True
    """At least one of the new variant can be had."""
    stock_ok: bool = True
    """There are as many of the new variant as the whole change needs."""
    method_known: bool = True
    """The payment method is on file, or paid for this order."""
    method_kind: PaymentKind | None = None
    method_is_current: bool = False
    refund_to: RefundTarget = RefundTarget.ORIGINAL
    balance_ok: bool = True
    """The method is no gift card, or its balance covers what is to be paid."""
    price_known: bool = True
    """The new variants have a price in the order's currency."""
    refund: Decimal = Decimal(0)
    """What the returned goods cost, before fees, in the order's currency."""
