"""Every field that may leave for the model, and in which form: what is not declared here does not leave.

Money is ``{"amount": "49.90", "currency": "EUR"}``; times are ISO 8601 with an offset (where the event is
local, its own; else the shop's), days ``YYYY-MM-DD``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

MoneyView = dict[str, str]
Options = dict[str, str]


def as_text(view: Mapping[str, Any]) -> str:
    """The one form in which a tool answers: compact JSON, keys sorted, letters as they are."""
    return json.dumps(view, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class AddressView(TypedDict):
    """An address as a parcel bears it, without a phone."""

    line1: str
    line2: str
    city: str
    region: str
    postal_code: str
    country: str
    recipient: str


class MethodView(TypedDict):
    """A payment method, masked."""

    id: str
    kind: str
    brand: str
    last4: str
    balance: MoneyView | None


class LineView(TypedDict):
    """A line item; ``quantity`` is what was bought, ``open`` what was neither cancelled, returned nor exchanged."""

    line_id: str
    product_id: str
    variant_id: str
    title: str
    options: Options
    quantity: int
    open: int
    unit_price: MoneyView
    final_sale: bool


class SlotView(TypedDict):
    """A delivery window."""

    slot_id: str
    starts_at: str
    ends_at: str
    fee: MoneyView


class PickupPointView(TypedDict):
    """A place where a parcel waits."""

    pickup_point_id: str
    name: str
    address: AddressView
    hours: str
    keeps_days: int


class DeliveryView(TypedDict):
    """How the customer wants it brought."""

    service: str
    slot: SlotView | None
    pickup_point: PickupPointView | None
    hold_until: str | None
    instructions: str


class UnitsView(TypedDict):
    """Units of a line, by name."""

    line_id: str
    title: str
    quantity: int
    reason: NotRequired[str]


class ReturnView(TypedDict):
    """An RMA and the money it brings back."""

    rma: str
    status: str
    units: list[UnitsView]
    refund: MoneyView
    fee: MoneyView
    method: MethodView | None
    requested_at: str | None
    ship_by: str | None
    received_at: str | None
    label_url: str | None


class SwappedView(TypedDict):
    """Units of a line and what replaces them."""

    line_id: str
    title: str
    quantity: int
    new_variant_id: str


class ExchangeView(TypedDict):
    """An exchange under way; ``difference`` > 0 was paid by the customer."""

    rma: str
    status: str
    units: list[SwappedView]
    difference: MoneyView
    ship_by: str | None
    label_url: str | None


class RefundView(TypedDict):
    """Money on its way back."""

    refund_id: str
    amount: MoneyView
    method: MethodView | None
    status: str
    reason: str
    issued_at: str | None
    expected_by: str | None
    overdue: bool


class ClaimView(TypedDict):
    """A problem that was reported."""

    claim_id: str
    problem: str
    status: str
    units: list[UnitsView]
    wish: str
    opened_at: str | None
    resolution: str


class OrderSummaryView(TypedDict):
    """An order in a list; ``situation`` as in ``TrackView``, ``money_back`` when a refund or return is in it.

    ``to_send_back``: a return or exchange waits for the shopper's parcel.
    """

    number: str
    status: str
    situation: str
    money_back: bool
    to_send_back: bool
    placed_at: str | None
    total: MoneyView
    items: list[str]


class OrderView(TypedDict):
    """An order. At identity level 1 the address is only city, region and country."""

    number: str
    status: str
    placed_at: str | None
    lines: list[LineView]
    total: MoneyView
    shipping_cost: MoneyView
    discount: MoneyView
    address: AddressView | dict[str, str]
    delivery: DeliveryView
    paid_with: MethodView | None
    parcels: int
    returns: list[ReturnView]
    exchanges: list[ExchangeView]
    claims: list[ClaimView]
    cancel_reason: str


class EventView(TypedDict):
    """A scan; ``city`` is empty where what stands there is no name of a place."""

    at: str
    status: str
    detail: str
    city: str


class ParcelView(TypedDict):
    """Where a parcel is, and how that compares with what was promised."""

    situation: str
    status: str
    carrier: str
    tracking_number: str
    tracking_url: str
    contents: list[UnitsView]
    eta: str | None
    promised_by: str | None
    delivered_at: str | None
    days_late: int
    days_without_scan: int
    attempts: int
    last_event: EventView | None
    pickup_point: PickupPointView | None
    pickup_until: str | None


class TrackView(TypedDict):
    """All parcels of an order, what is in none of them yet, and what may be changed now."""

    number: str
    status: str
    situation: str
    parcels: list[ParcelView]
    not_in_a_parcel: list[UnitsView]
    next_steps: list[str]


class ProfileView(TypedDict):
    """A customer, without ways to reach them."""

    name: str
    language: str
    address: AddressView
    payment_methods: list[MethodView]


class VariantView(TypedDict):
    """A sellable form of a product."""

    variant_id: str
    options: Options
    price: MoneyView
    in_stock: bool
    difference: NotRequired[MoneyView]


class ProductView(TypedDict):
    """A product with its variants."""

    product_id: str
    title: str
    final_sale: bool
    variants: list[VariantView]


class PassageView(TypedDict):
    """A quotable piece of the help centre; ``supports`` says whether it is near enough to answer from."""

    article: str
    topic: str
    title: str
    path: list[str]
    text: str
    url: str
    supports: bool
