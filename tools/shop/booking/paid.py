"""What a customer has paid for an order and not yet got back, and giving it back to where it came from."""

from __future__ import annotations

from tools.shop.booking.draft import Draft
from tools.shop.errors import NotPossible
from tools.shop.models import Order, OrderStatus, PaymentMethodId
from tools.shop.money import Money


def is_owed(order: Order) -> bool:
    """Whether nothing was paid or promised yet: what changes now is settled when the whole is paid."""
    return order.status is OrderStatus.UNPAID and not order.payments


def sum_goods(order: Order) -> Money:
    """What the units that were not cancelled cost."""
    prices = (line.unit_price * (line.quantity - line.cancelled) for line in order.lines)
    return sum(prices, start=Money.zero(order.currency))


def sum_paid(order: Order) -> Money:
    """Payments minus refunds."""
    total = Money.zero(order.currency)
    for payment in order.payments:
        total = total + (-payment.amount if payment.kind == "refund" else payment.amount)
    return total


def list_paid(order: Order) -> list[tuple[PaymentMethodId, Money]]:
    """Each payment with what has not gone back to its method yet, oldest first."""
    zero = Money.zero(order.currency)
    gone: dict[PaymentMethodId, Money] = {}
    for payment in order.payments:
        if payment.kind == "refund":
            gone[payment.method_id] = gone.get(payment.method_id, zero) + payment.amount
    paid = []
    for payment in order.payments:
        if payment.kind != "payment":
            continue
        back = min(payment.amount, gone.get(payment.method_id, zero))
        if back:
            gone[payment.method_id] = gone[payment.method_id] - back
        if payment.amount - back:
            paid.append((payment.method_id, payment.amount - back))
    return paid


def give_back(draft: Draft, amount: Money, *, days: int, reason: str) -> None:
    """Refund that amount to the methods it was paid with, one refund a payment, oldest first.

    Refuses with ``wrong_status`` to give back more than was paid.
    """
    if sum_paid(draft.order) < amount:
        raise NotPossible("wrong_status", f"{amount} is more than was paid")
    left = amount
    for method_id, paid in list_paid(draft.order):
        part = min(paid, left)
        if part:
            draft.refund(method_id, part, days=days, reason=reason)
            left = left - part
