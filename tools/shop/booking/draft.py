"""A booking in the making: the order as it changes, and what moves in stock and on gift cards because of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tools.shop.booking.references import derive
from tools.shop.errors import NotPossible
from tools.shop.models import (
    Customer,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentMethodId,
    PickupPoint,
    Refund,
    RefundStatus,
    Slot,
    Variant,
    VariantId,
)
from tools.shop.money import Money


@dataclass(frozen=True, slots=True)
class Facts:
    """What a booking is made on, all of one moment.

    ``variants`` holds at least those the change names; ``slots`` and ``pickup_points`` those on offer for the order.
    ``key`` is the idempotency key: every reference is derived from it.
    """

    order: Order
    customer: Customer
    key: str
    now: datetime
    variants: Mapping[VariantId, Variant] = field(default_factory=dict)
    slots: Sequence[Slot] = ()
    pickup_points: Sequence[PickupPoint] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """The order afterwards (its version not yet raised), and what else moves.

    ``stock``: units put back (> 0) or taken (< 0). ``balances``: what a gift card gains (> 0) or pays (< 0).
    """

    order: Order
    stock: Mapping[VariantId, int]
    balances: Mapping[PaymentMethodId, Money]
    references: Mapping[str, str]


class Draft:
    """Collects the effects of one change on one order."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.order = facts.order
        self.references: dict[str, str] = {}
        self._stock: dict[VariantId, int] = {}
        self._balances: dict[PaymentMethodId, Money] = {}

    def require(self, *statuses: OrderStatus) -> None:
        """Refuse with ``wrong_status`` unless the order is in one of them."""
        if self.order.status not in statuses:
            raise NotPossible("wrong_status", self.order.status)

    def line(self, line_id: str) -> OrderLine:
        """That line of the order; refuses with ``unknown_line``."""
        line = self.order.line(line_id)
        if line is None:
            raise NotPossible("unknown_line", line_id)
        return line

    def method(self, method_id: str) -> PaymentMethod:
        """That method on the customer's file; refuses with ``unknown_method``."""
        method = self.facts.customer.method(method_id)
        if method is None:
            raise NotPossible("unknown_method", method_id)
        return method

    def set(self, **fields: Any) -> None:
        """Set fields of the order."""
        self.order = replace(self.order, **fields)

    def refer(self, name: str) -> str:
        """Derive a reference (``rma``, ``exchange``, ``claim``, ``refund``) that the shopper may quote."""
        return self.references.setdefault("rma" if name == "exchange" else name, derive(name, self.facts.key))

    def move(self, variant_id: VariantId, units: int) -> None:
        """Put units back into stock, or take them out when negative."""
        self._stock[variant_id] = self._stock.get(variant_id, 0) + units

    def pay(self, method_id: PaymentMethodId, amount: Money) -> None:
        """Book a payment; a gift card is charged at once."""
        self._book(Payment("payment", method_id, amount, self.facts.now))
        self._credit(method_id, -amount)

    def refund(self, method_id: PaymentMethodId, amount: Money, *, days: int, reason: str) -> None:
        """Book money that goes back, and the refund to tell the shopper about; a gift card gains it at once.

        Nothing at all goes back as a payment row of zero: it records the method an even swap was agreed on.
        """
        self._book(Payment("refund", method_id, amount, self.facts.now))
        if not amount:
            return
        at_once = self._credit(method_id, amount)
        first = self.refer("refund")
        nth = sum(refund.id.startswith(first) for refund in self.order.refunds)
        refund = Refund(
            id=f"{first}-{nth + 1}" if nth else first,
            amount=amount,
            method_id=method_id,
            status=RefundStatus.SETTLED if at_once else RefundStatus.ISSUED,
            reason=reason,
            issued_at=self.facts.now,
            expected_by=self.facts.now if at_once else self.facts.now + timedelta(days=days),
        )
        self.set(refunds=(*self.order.refunds, refund))

    def close(self) -> Booking:
        """The finished booking; refuses with ``insufficient_balance`` when a gift card cannot bear its part."""
        balances = {method_id: amount for method_id, amount in self._balances.items() if amount}
        for method_id, amount in balances.items():
            self.require_balance(method_id, -amount)
        stock = {variant_id: units for variant_id, units in self._stock.items() if units}
        return Booking(self.order, stock, balances, self.references)

    def require_balance(self, method_id: PaymentMethodId, amount: Money) -> None:
        """Refuse with ``insufficient_balance`` when that method is a gift card with less than the amount on it."""
        method = self.method(method_id)
        if method.kind is not PaymentKind.GIFT_CARD or amount.amount <= 0:
            return
        if (method.balance or Money.zero(amount.currency)) < amount:
            raise NotPossible("insufficient_balance", method_id)

    def _book(self, payment: Payment) -> None:
        self.set(payments=(*self.order.payments, payment))

    def _credit(self, method_id: PaymentMethodId, amount: Money) -> bool:
        method = self.facts.customer.method(method_id)
        if method is None or method.kind is not PaymentKind.GIFT_CARD:
            return False
        self._balances[method_id] = self._balances.get(method_id, Money.zero(amount.currency)) + amount
        return True
