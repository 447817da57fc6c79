"""What an allowed change books."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tools.shop.changes import (
    CancelOrder,
    ChangeItems,
    ChangePayment,
    ChangePickup,
    ChangeSlot,
    ExchangeItems,
    OpenClaim,
    ReturnItems,
    Terms,
)
from tools.shop.models import (
    ClaimKind,
    DeliveryChoice,
    Exchange,
    LineId,
    Order,
    OrderNumber,
    OrderStatus,
    Payment,
    PaymentMethodId,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
    ShipmentStatus,
    Slot,
    Swap,
    VariantId,
)
from tools.shop.money import Money

N = OrderNumber("10001")
CARD, GIFT, PAYPAL = PaymentMethodId("card"), PaymentMethodId("gift"), PaymentMethodId("paypal")
MIND, DAMAGED, WRONG = ReturnReason.CHANGED_MIND, ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM


def pesos(amount: str) -> Money:
    return Money.of(amount, "MXN")


def allowed(world: Any, change: Any, order: Any) -> Terms:
    verdict = world.judge(change, order)
    assert verdict.allowed, verdict
    return verdict.terms


def back(*lines: tuple[str, int, ReturnReason], to: PaymentMethodId = CARD) -> ReturnItems:
    return ReturnItems(N, tuple(ReturnLine(LineId(line), units, why) for line, units, why in lines), to)


def swap(line: str, variant: str, units: int = 1) -> tuple[Swap, ...]:
    return (Swap(LineId(line), units, VariantId(variant)),)


def test_a_return_gives_back_the_goods_less_one_fee(world: Any) -> None:
    terms = allowed(world, back(("1", 1, MIND), ("2", 2, MIND)), world.delivered_days_ago(3))
    assert (terms.refund, terms.fee, terms.charge, terms.refund_days) == (pesos("2211"), pesos("89"), None, 10)
    assert terms.ship_by == datetime(2026, 5, 30, 23, 59, 59, tzinfo=world.demo.zone)


def test_what_is_the_shops_fault_costs_no_fee(world: Any) -> None:
    for reason in (DAMAGED, WRONG, ReturnReason.DEFECTIVE, ReturnReason.NOT_AS_DESCRIBED):
        terms = allowed(world, back(("1", 1, reason), ("2", 1, MIND)), world.delivered_days_ago(3))
        assert (terms.refund, terms.fee) == (pesos("1900"), None)


def bought_in(world: Any, country: str, order: Order) -> Order:
    """The same order, priced and paid in that country's money."""
    currency = world.demo.currencies[country]
    price = Money.of(world.demo.figure("return_fee", at=world.now, country=country) * 3, currency)
    total = Money.of(price.amount * 10, currency)
    lines = tuple(replace(line, unit_price=price) for line in order.lines)
    none, paid = Money.zero(currency), (Payment("payment", CARD, total),)
    return replace(
        order,
        country=country,
        currency=currency,
        lines=lines,
        total=total,
        discount=none,
        shipping_cost=none,
        payments=paid,
    )


@pytest.mark.parametrize(("country", "days"), [("BR", 7), ("AR", 10)])
def test_where_the_law_says_so_a_change_of_mind_is_free_through_its_last_day(
    world: Any, country: str, days: int
) -> None:
    for placed in (30, 400):  # whichever version was in force: the law is older than both
        for late, free in ((0, True), (days, True), (days + 1, False)):
            order = world.delivered_days_ago(late, placed_at=world.now - timedelta(days=placed))
            terms = allowed(world, back(("1", 1, MIND)), bought_in(world, country, order))
            assert (terms.fee is None) is free, (country, placed, late)


@pytest.mark.parametrize("country", ["MX", "CO", "ES", "US"])
def test_elsewhere_a_change_of_mind_costs_the_fee_from_the_first_day(world: Any, country: str) -> None:
    assert allowed(world, back(("1", 1, MIND)), bought_in(world, country, world.delivered_days_ago(0))).fee


def test_a_parcel_that_came_later_does_not_make_the_earlier_one_free(world: Any) -> None:
    early, late = (
        world.parcel(ShipmentStatus.DELIVERED, line, delivered_at=world.now - timedelta(days=ago))
        for line, ago in (("1", 9), ("2", 3))
    )
    order = bought_in(world, "BR", replace(world.delivered_days_ago(9), shipments=(early, late)))
    assert allowed(world, back(("2", 1, MIND)), order).fee is None
    assert allowed(world, back(("1", 1, MIND)), order).fee
    assert allowed(world, back(("1", 1, MIND), ("2", 1, MIND)), order).fee, "one label, one fee"


def test_a_refund_to_a_gift_card_is_there_at_once(world: Any) -> None:
    assert allowed(world, back(("1", 1, MIND), to=GIFT), world.delivered_days_ago(3)).refund_days == 0


def test_a_discount_is_shared_by_what_was_bought(world: Any) -> None:
    order = world.delivered_days_ago(3, discount=pesos("1255.00"))
    assert allowed(world, back(("1", 1, DAMAGED)), order).refund == pesos("1350.00")


def test_no_more_goes_back_than_was_paid_and_not_promised_yet(world: Any) -> None:
    order = world.delivered_days_ago(3, payments=(Payment("payment", CARD, pesos("1000")),))
    assert allowed(world, back(("1", 1, DAMAGED)), order).refund == pesos("1000")


def test_a_fee_never_eats_more_than_the_refund(world: Any) -> None:
    order = world.delivered_days_ago(3, payments=(Payment("payment", CARD, pesos("50")),))
    terms = allowed(world, back(("1", 1, MIND)), order)
    assert (terms.refund, terms.fee) == (pesos("0"), pesos("50"))


def test_cancelling_gives_back_all_that_was_paid(world: Any) -> None:
    terms = allowed(world, CancelOrder(N, "changed_mind"), world.order)
    assert (terms.refund, terms.fee, terms.refund_days) == (pesos("12649"), None, 10)


def test_cancelling_the_last_units_gives_back_the_shipping_too(world: Any) -> None:
    everything = {line.id: line.quantity for line in world.order.lines}
    assert allowed(world, CancelOrder(N, "x", everything), world.order).refund == pesos("12649")


def test_cancelling_some_units_gives_back_their_price(world: Any) -> None:
    assert allowed(world, CancelOrder(N, "x", {LineId("2"): 2}), world.order).refund == pesos("800")


def test_nothing_comes_back_where_nothing_was_paid(world: Any) -> None:
    unpaid = replace(world.order, status=OrderStatus.UNPAID, payments=())
    for change in (
        CancelOrder(N, "x"),
        CancelOrder(N, "x", {LineId("2"): 1}),
        ChangeItems(N, swap("1", "shoes-b"), CARD),
    ):
        assert allowed(world, change, unpaid).refund is None


@pytest.mark.parametrize(
    ("paid_for_a", "charge", "refund"),
    [("1500", "100", None), ("1600", None, None), ("1700", None, "100")],
)
def test_other_goods_cost_the_difference(world: Any, paid_for_a: str, charge: str | None, refund: str | None) -> None:
    lines = (replace(world.order.lines[0], unit_price=pesos(paid_for_a)), *world.order.lines[1:])
    before = replace(world.order, lines=lines)
    after = world.delivered_days_ago(2, lines=lines)
    expected = tuple(pesos(amount) if amount else None for amount in (charge, refund))
    for change, order in ((ChangeItems, before), (ExchangeItems, after)):
        terms = allowed(world, change(N, swap("1", "shoes-b"), CARD), order)
        assert (terms.charge, terms.refund) == expected


@pytest.mark.parametrize(
    ("earlier", "charge", "fee"),
    [((), "100", None), ((ReturnStatus.CANCELLED,), "100", None), ((ReturnStatus.REFUNDED,), "189", "89")],
)
def test_the_first_exchange_is_free(
    world: Any, earlier: tuple[ReturnStatus, ...], charge: str, fee: str | None
) -> None:
    exchanges = tuple(Exchange("X", swap("2", "shirt-b"), status, CARD, pesos("100")) for status in earlier)
    order = world.delivered_days_ago(2, exchanges=exchanges)
    terms = allowed(world, ExchangeItems(N, swap("1", "shoes-b"), CARD), order)
    assert (terms.charge, terms.fee) == (pesos(charge), pesos(fee) if fee else None)


def test_a_new_method_pays_the_total_and_the_old_one_has_it_back(world: Any) -> None:
    terms = allowed(world, ChangePayment(N, PAYPAL), world.order)
    assert (terms.charge, terms.refund, terms.refund_days) == (pesos("12649"), pesos("12649"), 10)


def test_a_slot_is_paid_for_once(world: Any) -> None:
    starts = world.now + timedelta(days=2)
    slot = Slot("s1", starts, starts + timedelta(hours=2), pesos("49"))
    chosen = replace(world.order, delivery=DeliveryChoice(slot=slot))
    assert allowed(world, ChangeSlot(N, "s2"), world.order).charge == pesos("49")
    assert allowed(world, ChangeSlot(N, "s2"), chosen).charge is None
    assert allowed(world, ChangeSlot(N, None), chosen).charge is None


def test_amounts_are_those_of_the_orders_country(world: Any) -> None:
    def euros(amount: str) -> Money:
        return Money.of(amount, "EUR")

    lines = tuple(replace(line, unit_price=euros("60.00")) for line in world.order.lines)
    order = world.delivered_days_ago(
        3,
        lines=lines,
        country="ES",
        currency="EUR",
        total=euros("425"),
        discount=euros("0"),
        payments=(Payment("payment", CARD, euros("425")),),
    )
    terms = allowed(world, back(("1", 1, MIND)), order)
    assert (terms.refund, terms.fee) == (euros("56.10"), euros("3.90"))


def test_a_price_in_another_currency_is_for_a_person_unless_it_is_the_same(world: Any) -> None:
    product = world.products["shoes"]

    def priced(amount: str) -> Any:
        new = replace(product.variants[1], price=Money.of(amount, "USD"))
        old = replace(product.variants[0], price=Money.of("80", "USD"))
        return replace(world, products={**world.products, "shoes": replace(product, variants=(old, new))})

    change = ExchangeItems(N, swap("1", "shoes-b"), CARD)
    order = world.delivered_days_ago(2)
    assert priced("90").judge(change, order).code == "price_unknown"
    assert allowed(priced("80"), change, order).charge is None


def test_what_can_be_undone_says_for_how_long(world: Any) -> None:
    delivered = world.delivered_days_ago(2)
    undoable = [
        (ChangePickup(N, "p"), world.order),
        (ChangeSlot(N, "s"), world.order),
        (back(("1", 1, MIND)), delivered),
        (ExchangeItems(N, swap("1", "shoes-b"), CARD), delivered),
    ]
    final = [
        (CancelOrder(N, "x"), world.order),
        (ChangePayment(N, PAYPAL), world.order),
        (OpenClaim(N, ClaimKind.DAMAGED, {LineId("1"): 1}, ""), delivered),
    ]
    assert {world.judge(change, order).undo_minutes for change, order in undoable} == {30}
    assert {world.judge(change, order).undo_minutes for change, order in final} == {0}


def test_a_person_is_given_the_terms_to_approve(world: Any) -> None:
    lines = tuple(replace(line, quantity=9) for line in world.order.lines)
    order = world.delivered_days_ago(1, lines=lines, payments=(Payment("payment", CARD, pesos("90000")),))
    verdict = world.judge(back(("1", 9, MIND)), order)
    assert (verdict.code, verdict.terms.refund, verdict.terms.fee) == (
        "refund_above_ceiling",
        pesos("13411"),
        pesos("89"),
    )
