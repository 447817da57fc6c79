"""What a change means for the customer's payment methods, in facts."""

from __future__ import annotations

from collections.abc import Mapping

from tools.policy.amounts import difference, goods_value, paid
from tools.policy.facts import RefundTarget, Seen
from tools.policy.touched import touched_by, units_by_line
from tools.shop.changes import Change, ChangeItems, ChangePayment, ExchangeItems, ReturnItems
from tools.shop.models import Customer, Order, PaymentKind, PaymentMethod, PaymentMethodId, Product, ProductId
from tools.shop.money import Money


def observe_method(change: Change, order: Order, customer: Customer, products: Mapping[ProductId, Product]) -> Seen:
    """The payment method named by the change, and whether it can bear what is asked of it."""
    match change:
        case ChangeItems() | ExchangeItems():
            due = difference(order, change.swaps, products)
            return {"price_known": due is not None, **_method(customer, change.method_id, due)}
        case ChangePayment():
            due = paid(order) or order.total
            current = change.method_id == order.paid_with
            return {"method_is_current": current, **_method(customer, change.method_id, due)}
        case ReturnItems():
            seen = _method(customer, change.refund_method_id, None)
            target = _target(order, customer, change.refund_method_id)
            seen["method_known"] = seen["method_known"] or target is RefundTarget.ORIGINAL
            value = goods_value(order, units_by_line(touched_by(change)))
            return {"refund": value.amount, "refund_to": target, **seen}
        case _:
            return {}


def paying_methods(order: Order) -> frozenset[PaymentMethodId]:
    """The methods with which this order was paid."""
    return frozenset(payment.method_id for payment in order.payments if payment.kind == "payment")


def _method(customer: Customer, method_id: PaymentMethodId, due: Money | None) -> Seen:
    method = customer.method(method_id)
    return {
        "method_known": method is not None,
        "method_kind": method.kind if method else None,
        "balance_ok": _covers(method, due),
    }


def _covers(method: PaymentMethod | None, due: Money | None) -> bool:
    if method is None or method.kind is not PaymentKind.GIFT_CARD or due is None or due.amount <= 0:
        return True
    balance = method.balance
    return balance is not None and balance.currency == due.currency and due <= balance


def _target(order: Order, customer: Customer, method_id: PaymentMethodId) -> RefundTarget:
    method = customer.method(method_id)
    if method_id in paying_methods(order) or (method and not order.payments):
        return RefundTarget.ORIGINAL
    if method and method.kind is PaymentKind.GIFT_CARD:
        return RefundTarget.GIFT_CARD
    return RefundTarget.OTHER
