"""The second profile: no dates, no fees, one return, one change of items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tools.shop.changes import (
    CancelOrder,
    Change,
    ChangeAddress,
    ChangeItems,
    ChangePayment,
    ChangePickup,
    ChangeProfileAddress,
    ExchangeItems,
    OpenClaim,
    ReturnItems,
)
from tools.shop.models import (
    Address,
    ClaimKind,
    LineId,
    Order,
    OrderNumber,
    OrderStatus,
    Payment,
    PaymentMethodId,
    Return,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
    Swap,
    VariantId,
)
from tools.shop.money import Money

N = OrderNumber("10001")
CARD, PAYPAL, GIFT = (PaymentMethodId(name) for name in ("card", "paypal", "gift"))
ABROAD = Address("1 Main St", "Toronto", "ON", "M5V", "CA")
ZERO = Money.of(0, "MXN")


def waiting(**more: Any) -> Callable[[Any], Order]:
    return lambda world: replace(world.order, **{"placed_at": None, **more})


def arrived(**more: Any) -> Callable[[Any], Order]:
    return waiting(status=OrderStatus.DELIVERED, **more)


def back(line: str, to: PaymentMethodId = CARD) -> ReturnItems:
    return ReturnItems(N, (ReturnLine(LineId(line), 1, ReturnReason.OTHER),), to)


def swap(line: str, variant: str) -> tuple[Swap, ...]:
    return (Swap(LineId(line), 1, VariantId(variant)),)


ONE_RETURN = (Return("R", (ReturnLine(LineId("2"), 1, ReturnReason.OTHER),), ReturnStatus.REQUESTED, CARD, ZERO, ZERO),)
PAID_ANEW = tuple(
    Payment(kind, method, ZERO) for kind, method in (("payment", CARD), ("payment", PAYPAL), ("refund", CARD))
)


@dataclass(frozen=True, slots=True)
class Row:
    change: Change
    order: Callable[[Any], Order]
    code: str = "allowed"


ROWS = {
    "cancelled when no longer needed": Row(CancelOrder(N, "no longer needed"), waiting()),
    "cancelled when a mistake": Row(CancelOrder(N, "ordered by mistake"), waiting()),
    "for no other reason": Row(CancelOrder(N, "found it cheaper"), waiting(), "reason_not_accepted"),
    "not in part": Row(CancelOrder(N, "no longer needed", {LineId("1"): 1}), waiting(), "whole_order_only"),
    "not once it is being sent": Row(
        CancelOrder(N, "no longer needed"), waiting(status=OrderStatus.PACKED), "already_packed"
    ),
    "not after its items were changed": Row(
        CancelOrder(N, "no longer needed"), waiting(items_changed=True), "items_changed"
    ),
    "sent anywhere": Row(ChangeAddress(N, ABROAD), waiting()),
    "even after its items were changed": Row(ChangeAddress(N, ABROAD), waiting(items_changed=True)),
    "not once delivered": Row(ChangeAddress(N, ABROAD), arrived(), "already_delivered"),
    "paid another way": Row(ChangePayment(N, PAYPAL), waiting()),
    "not the same way": Row(ChangePayment(N, CARD), waiting(), "nothing_to_change"),
    "not with too small a gift card": Row(ChangePayment(N, GIFT), waiting(), "insufficient_balance"),
    "not a second time": Row(ChangePayment(N, CARD), waiting(payments=PAID_ANEW), "payment_changed"),
    "other items": Row(ChangeItems(N, swap("1", "shoes-b"), CARD), waiting()),
    "the same items": Row(ChangeItems(N, swap("1", "shoes-a"), CARD), waiting()),
    "other items once": Row(ChangeItems(N, swap("1", "shoes-b"), CARD), waiting(items_changed=True), "items_changed"),
    "not of another product": Row(ChangeItems(N, swap("1", "shirt-b"), CARD), waiting(), "other_product"),
    "not what is sold out": Row(ChangeItems(N, swap("1", "shoes-c"), CARD), waiting(), "out_of_stock"),
    "a gift card must cover the difference": Row(
        ChangeItems(N, swap("1", "shoes-b"), GIFT), waiting(), "insufficient_balance"
    ),
    "a return, whatever the date": Row(back("1"), arrived()),
    "also of what other shops bar": Row(back("4"), arrived()),
    "to a gift card": Row(back("1", GIFT), arrived()),
    "not to another account": Row(back("1", PAYPAL), arrived(), "refund_elsewhere"),
    "not before delivery": Row(back("1"), waiting(), "not_delivered"),
    "one return an order": Row(back("1"), arrived(returns=ONE_RETURN), "already_returned"),
    "an exchange": Row(ExchangeItems(N, swap("1", "shoes-b"), CARD), arrived()),
    "an exchange for the same": Row(ExchangeItems(N, swap("1", "shoes-a"), CARD), arrived()),
    "no exchange after a return": Row(
        ExchangeItems(N, swap("1", "shoes-b"), CARD), arrived(returns=ONE_RETURN), "already_returned"
    ),
    "no exchange for what is sold out": Row(ExchangeItems(N, swap("1", "shoes-c"), CARD), arrived(), "out_of_stock"),
    "no pickup points here": Row(ChangePickup(N, "p"), waiting(), "not_offered"),
    "no claims here": Row(OpenClaim(N, ClaimKind.DAMAGED, {LineId("1"): 1}, ""), arrived(), "not_offered"),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_the_answer_is_the_rule(world: Any, row: Row) -> None:
    assert world.judge(row.change, row.order(world), policy="tau_retail").code == row.code


def test_nothing_is_kept_back_and_nothing_closes(world: Any) -> None:
    verdict = world.judge(back("1"), arrived()(world), policy="tau_retail")
    assert (verdict.terms.fee, verdict.terms.ship_by, verdict.until, verdict.undo_minutes) == (None, None, None, 0)
    assert verdict.terms.refund == Money.of("1500", "MXN")


def test_the_profile_address_changes_for_a_known_customer_only(world: Any) -> None:
    change = ChangeProfileAddress(ABROAD)
    assert world.judge(change, None, policy="tau_retail").allowed
    assert world.judge(change, None, policy="tau_retail", identity=1).code == "identity_needed"


def test_an_account_is_proven_by_email_or_by_name_and_postal_code(world: Any) -> None:
    proofs = {(tuple(sorted(rule.fields)), rule.level) for rule in world.policies["tau_retail"].proofs}
    assert proofs == {(("email",), 2), (("first_name", "last_name", "postal_code"), 2)}
