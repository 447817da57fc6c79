"""What was charged, paid, shipped and refunded adds up, with the shop's own figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.shop.data import ShopData
from tools.shop.models import Order, PaymentKind
from tools.shop.money import Money

FIGURES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[4] / "tools/policy/demo/2026-03-01/figures.yaml").read_text(encoding="utf-8")
)
FAULTS = {"not_as_described", "damaged", "defective", "wrong_item"}


def _figure(name: str, order: Order) -> Money:
    return Money.of(FIGURES[name]["by_country"][order.country], order.currency)


def _goods(order: Order) -> Money:
    return sum((line.unit_price * line.quantity for line in order.lines), Money.zero(order.currency))


def _sum(order: Order, kind: str) -> Money:
    amounts = (payment.amount for payment in order.payments if payment.kind == kind)
    return sum(amounts, Money.zero(order.currency))


def test_a_total_is_lines_and_shipping_less_the_discount(shop: ShopData) -> None:
    for order in shop.orders:
        assert order.total == _goods(order) + order.shipping_cost - order.discount, order.number


def test_shipping_costs_what_the_policy_says(shop: ShopData) -> None:
    for order in shop.orders:
        expected = _figure(f"shipping_{order.delivery.service}", order)
        if order.delivery.service == "standard" and _figure("free_shipping_from", order) <= _goods(order):
            expected = Money.zero(order.currency)
        if order.delivery.slot is not None:
            expected = expected + _figure("slot_fee", order)
        assert order.shipping_cost == expected, order.number


def test_shipping_is_free_for_some_orders_and_paid_for_others_in_every_country(shop: ShopData) -> None:
    for country in {order.country for order in shop.orders}:
        free = {not order.shipping_cost for order in shop.orders if order.country == country}
        assert free == {True, False}, country


def test_payments_are_the_total_or_nothing_when_unpaid(shop: ShopData) -> None:
    for order in shop.orders:
        expected = Money.zero(order.currency) if order.status == "unpaid" else order.total
        assert _sum(order, "payment") == expected, order.number
        assert all(payment.amount.amount > 0 for payment in order.payments), order.number


def test_every_refund_but_a_returns_pending_one_has_its_payment(shop: ShopData) -> None:
    for order in shop.orders:
        waiting = [refund for refund in order.refunds if refund.status == "pending" and refund.reason == "return_items"]
        booked = [refund.amount for refund in order.refunds if refund not in waiting]
        assert [payment.amount for payment in order.payments if payment.kind == "refund"] == booked, order.number
        assert _sum(order, "refund") <= _sum(order, "payment"), order.number
        assert all((refund.issued_at is None) == (refund.status == "pending") for refund in order.refunds)


def test_a_refund_is_expected_within_the_days_of_its_method(shop: ShopData) -> None:
    kinds = {method.id: method.kind for customer in shop.customers for method in customer.payment_methods}
    issued = [refund for order in shop.orders for refund in order.refunds if refund.issued_at]
    assert issued
    for refund in issued:
        assert refund.issued_at is not None
        assert refund.expected_by is not None
        days = FIGURES["refund_days"]["by_method"][kinds[refund.method_id]]
        assert (refund.expected_by - refund.issued_at).days == days, refund.id


def test_a_return_gives_the_price_back_less_a_fee_unless_the_shop_is_at_fault(shop: ShopData) -> None:
    fees = set()
    for order in shop.orders:
        for case in order.returns:
            at_fault = all(line.reason in FAULTS for line in case.lines)
            assert case.fee == (Money.zero(order.currency) if at_fault else _figure("return_fee", order))
            prices = {line.id: line.unit_price for line in order.lines}
            goods = sum((prices[line.line_id] * line.quantity for line in case.lines), Money.zero(order.currency))
            assert case.refund + case.fee == goods, order.number
            fees.add(bool(case.fee))
    assert fees == {True, False}


def test_parcels_carry_every_unit_once_and_nothing_else(shop: ShopData) -> None:
    for order in shop.orders:
        if not order.shipments:
            continue
        for line in order.lines:
            carried = sum(parcel.contents.get(line.id, 0) for parcel in order.shipments)
            assert carried == line.quantity - line.cancelled, (order.number, line.id)
        assert {line for parcel in order.shipments for line in parcel.contents} <= {line.id for line in order.lines}


def test_everything_after_an_order_is_about_its_own_lines_and_methods(shop: ShopData) -> None:
    customers = {customer.id: customer for customer in shop.customers}
    for order in shop.orders:
        buyer = customers[order.customer_id]
        lines = [part.line_id for case in order.returns for part in case.lines]
        lines += [swap.line_id for case in order.exchanges for swap in case.swaps]
        lines += [line for claim in order.claims for line in claim.lines]
        assert all(order.line(line) for line in lines), order.number
        methods = [payment.method_id for payment in order.payments]
        methods += [case.refund_method_id for case in order.returns] + [case.method_id for case in order.exchanges]
        assert all(buyer.method(method) for method in methods), order.number
        assert order.country == buyer.address.country


@pytest.mark.parametrize("kind", list(PaymentKind))
def test_some_order_was_paid_with(shop: ShopData, kind: PaymentKind) -> None:
    kinds = {method.id: method.kind for customer in shop.customers for method in customer.payment_methods}
    assert any(kinds[order.paid_with] is kind for order in shop.orders if order.paid_with)


def test_what_is_held_less_what_returns_were_promised_is_never_negative(shop: ShopData) -> None:
    for order in shop.orders:
        open_returns = [case.refund for case in order.returns if case.status not in {"refunded", "cancelled"}]
        held = _sum(order, "payment") - _sum(order, "refund")
        assert sum(open_returns, Money.zero(order.currency)) <= held, order.number
