"""Another method pays for the order."""

from __future__ import annotations

from tools.shop.booking.cancelling import BEFORE_SHIPPING
from tools.shop.booking.draft import Draft
from tools.shop.booking.paid import list_paid, sum_paid
from tools.shop.changes import ChangePayment, Terms
from tools.shop.models import OrderStatus, PaymentKind

PAID_AT_ONCE = frozenset({PaymentKind.CARD, PaymentKind.PAYPAL, PaymentKind.GIFT_CARD})


def change_payment(draft: Draft, change: ChangePayment, terms: Terms) -> None:
    """Book the total with the new method, then give back what the old ones paid."""
    draft.require(*BEFORE_SHIPPING)
    method = draft.method(change.method_id)
    before, left = list_paid(draft.order), min(sum_paid(draft.order), draft.order.total)
    draft.pay(change.method_id, draft.order.total)
    for method_id, paid in before:
        part = min(paid, left)
        if part:
            draft.refund(method_id, part, days=terms.refund_days, reason=change.kind)
            left = left - part
    if draft.order.status is OrderStatus.UNPAID and method.kind in PAID_AT_ONCE:
        draft.set(status=OrderStatus.PROCESSING)
