"""What the demo policy says to the orders that are there to show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tools.policy.verdict import Verdict
from tools.shop.changes import Change, ExchangeItems, ReturnItems
from tools.shop.data import ShopData
from tools.shop.demo import orders_in_state
from tools.shop.demo.figures import read_policy
from tools.shop.models import Order, ReturnLine, ReturnReason, Swap, VariantId


def _judge(shop: ShopData, change: Change, now: datetime) -> Verdict:
    order = next(order for order in shop.orders if order.number == getattr(change, "number", None))
    return read_policy().judge(
        change,
        order=order,
        customer=next(customer for customer in shop.customers if customer.id == order.customer_id),
        products={product.id: product for product in shop.products},
        capabilities=shop.capabilities,
        identity=2,
        now=now,
    )


def _return_first_line(order: Order) -> ReturnItems:
    assert order.paid_with is not None
    return ReturnItems(order.number, (ReturnLine(order.lines[0].id, 1, ReturnReason.CHANGED_MIND),), order.paid_with)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("delivered_yesterday", None),
        ("delivered_5_days_ago", None),
        ("delivered_14_days_ago", "allowed"),
        ("delivered_16_days_ago", "return_window_over"),
        ("delivered_29_days_ago", "allowed"),
        ("delivered_31_days_ago", "return_window_over"),
        ("delivered_40_days_ago", "allowed"),
        ("delivered_90_days_ago", "return_window_over"),
    ],
)
def test_whether_it_may_still_go_back(shop: ShopData, now: datetime, state: str, code: str | None) -> None:
    for number in orders_in_state(state):
        order = next(order for order in shop.orders if order.number == number)
        line = order.lines[0]
        expected = code or ("final_sale" if line.final_sale else "hygiene" if line.hygiene else "allowed")
        assert _judge(shop, _return_first_line(order), now).code == expected, number


def test_lucias_trainers_may_be_exchanged_for_size_8_at_no_cost(shop: ShopData, now: datetime) -> None:
    order = next(order for order in shop.orders if order.number == "10001")
    swap = Swap(order.lines[0].id, 1, VariantId("brisa-mx-8-blanco"))
    assert order.paid_with is not None
    verdict = _judge(shop, ExchangeItems(order.number, (swap,), order.paid_with), now)
    assert (verdict.code, verdict.terms.charge) == ("allowed", None)


def test_the_refund_of_a_return_on_its_way_is_what_the_policy_would_grant(shop: ShopData, now: datetime) -> None:
    order = next(order for order in shop.orders if order.number == orders_in_state("return_open")[0])
    (case,) = order.returns
    before = replace(shop, orders=(replace(order, returns=()),))
    verdict = _judge(before, ReturnItems(order.number, case.lines, case.refund_method_id), now)
    assert (verdict.terms.refund, verdict.terms.fee) == (case.refund, case.fee)


def test_shop_and_policy_agree_on_zone_and_currencies(shop: ShopData) -> None:
    policy = read_policy()
    assert shop.zone == policy.zone.key
    assert {order.country: order.currency for order in shop.orders} == policy.currencies
