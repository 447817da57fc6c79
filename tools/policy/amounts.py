"""What goods cost, what was paid, what may go back: exact amounts read off an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tools.policy.touched import is_live
from tools.shop.models import LineId, Order, OrderStatus, Product, ProductId, ReturnStatus, Swap
from tools.shop.money import Money

SETTLED = frozenset({ReturnStatus.REFUNDED, ReturnStatus.CANCELLED})


def goods_value(order: Order, units: Mapping[LineId, int]) -> Money:
    """What those units cost: their prices less their share of the order's discount."""
    full = _priced(order, units)
    if not order.discount:
        return full
    whole = _priced(order, {line.id: line.quantity for line in order.lines})
    share = full.amount / whole.amount if whole else Decimal(0)
    return full - Money.of(order.discount.amount * share, order.currency)


def paid(order: Order) -> Money:
    """What the shop holds of the customer's money: payments less refunds, or the total when none are recorded."""
    if not order.payments:
        return Money.zero(order.currency) if order.status is OrderStatus.UNPAID else order.total
    held = Money.zero(order.currency)
    for payment in order.payments:
        held = held - payment.amount if payment.kind == "refund" else held + payment.amount
    return held


def refundable(order: Order) -> Money:
    """What may still go back: what is held less what live returns have been promised."""
    left = paid(order)
    for case in order.returns:
        if is_live(case) and case.status not in SETTLED:
            left = left - case.refund
    return max(left, Money.zero(order.currency))


def difference(order: Order, swaps: Sequence[Swap], products: Mapping[ProductId, Product]) -> Money | None:
    """What the new variants cost more (> 0) or less (< 0) than was paid for the old ones.

    None when a price is in another currency than the order and not simply the same as the old variant's.
    Unknown lines and variants count nothing.
    """
    total = Money.zero(order.currency)
    for swap in swaps:
        line = order.line(swap.line_id)
        product = products.get(line.product_id) if line else None
        new = product.variant(swap.new_variant_id) if product else None
        if line is None or product is None or new is None:
            continue
        if new.price.currency == order.currency:
            total = total + (new.price - line.unit_price) * swap.quantity
            continue
        old = product.variant(line.variant_id)
        if old is None or old.price != new.price:
            return None
    return total


def _priced(order: Order, units: Mapping[LineId, int]) -> Money:
    total = Money.zero(order.currency)
    for line_id, count in units.items():
        line = order.line(line_id)
        if line is not None:
            total = total + line.unit_price * count
    return total
