"""Changes, orders and the rest of the shop's values as JSON and back, without loss.

Money is ``{"amount": "49.90", "currency": "EUR"}``, times are ISO 8601 with their offset, a change is its fields with
``kind`` beside them. Everything that reads raises ``ValueError`` (pydantic's ``ValidationError`` is one) when a field
is missing or of another type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from tools.shop.changes import (
    Applied,
    CancelExchange,
    CancelOrder,
    CancelReturn,
    Change,
    ChangeAddress,
    ChangeItems,
    ChangeKind,
    ChangePayment,
    ChangePickup,
    ChangeProfileAddress,
    ChangeSlot,
    ExchangeItems,
    HoldDelivery,
    OpenClaim,
    ReturnItems,
    SetInstructions,
    Terms,
)
from tools.shop.data import ShopData
from tools.shop.models import Customer, Order, PickupPoint, Product, Variant

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """The two JSON forms of one type: plain values (dicts, lists, strings) and text."""

    adapter: TypeAdapter[T]

    def values(self, thing: T) -> dict[str, Any]:
        """JSON-ready plain values."""
        plain: dict[str, Any] = self.adapter.dump_python(thing, mode="json")
        return plain

    def of(self, values: Mapping[str, Any]) -> T:
        """The thing those plain values say."""
        return self.adapter.validate_python(dict(values))

    def text(self, thing: T) -> str:
        """One line of JSON."""
        return self.adapter.dump_json(thing).decode()

    def read(self, text: str | bytes) -> T:
        """The thing that JSON says."""
        return self.adapter.validate_json(text)


ORDER: Form[Order] = Form(TypeAdapter(Order))
CUSTOMER: Form[Customer] = Form(TypeAdapter(Customer))
PRODUCT: Form[Product] = Form(TypeAdapter(Product))
VARIANT: Form[Variant] = Form(TypeAdapter(Variant))
PICKUP_POINT: Form[PickupPoint] = Form(TypeAdapter(PickupPoint))
SHOP: Form[ShopData] = Form(TypeAdapter(ShopData))
APPLIED: Form[Applied] = Form(TypeAdapter(Applied))
TERMS: Form[Terms] = Form(TypeAdapter(Terms))

CHANGES: Mapping[ChangeKind, Form[Any]] = {
    kind.kind: Form(TypeAdapter(kind))
    for kind in (
        ChangeAddress,
        ChangeSlot,
        ChangePickup,
        HoldDelivery,
        SetInstructions,
        CancelOrder,
        ChangeItems,
        ChangePayment,
        ReturnItems,
        ExchangeItems,
        OpenClaim,
        ChangeProfileAddress,
        CancelReturn,
        CancelExchange,
    )
}


def change_to_json(change: Change) -> dict[str, Any]:
    """``{"kind": "change_slot", "number": "...", "slot_id": "..."}``: equal changes give equal dicts."""
    return {"kind": change.kind.value} | CHANGES[change.kind].values(change)


def change_from_json(values: Mapping[str, Any]) -> Change:
    """The change that ``change_to_json`` was given."""
    fields = {name: value for name, value in values.items() if name != "kind"}
    change: Change = CHANGES[ChangeKind(values.get("kind", ""))].of(fields)
    return change


def order_to_json(order: Order) -> dict[str, Any]:
    """An order as JSON-ready plain values."""
    return ORDER.values(order)


def order_from_json(values: Mapping[str, Any]) -> Order:
    """The order that ``order_to_json`` was given."""
    return ORDER.of(values)


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """Terms as JSON-ready plain values."""
    return TERMS.values(terms)


def terms_from_json(values: Mapping[str, Any]) -> Terms:
    """The terms that ``terms_to_json`` was given."""
    return TERMS.of(values)
