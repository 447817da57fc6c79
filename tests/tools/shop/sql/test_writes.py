from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tools.shop.changes import (
    Applied,
    CancelExchange,
    CancelOrder,
    Change,
    ChangeAddress,
    ChangeItems,
    ChangeKind,
    ChangePayment,
    ChangePickup,
    ChangeProfileAddress,
    ChangeSlot,
    ExchangeItems,
    SetInstructions,
    Terms,
)
from tools.shop.data import ShopData
from tools.shop.errors import NotOffered, NotPossible, Refused, ShopError, StaleVersion
from tools.shop.models import Address, OrderStatus, Swap
from tools.shop.money import Money
from tools.shop.port import Shop
from tools.shop.sql import SqlShop

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
NEW = Address("Gran Vía 1", "Madrid", "Madrid", "28014", "ES", recipient="Ana")
ONE_UP = (Swap("1", 1, "s8"),)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


async def apply(
    port: Shop, change: Change, terms: Terms | None = None, *, key: str = "k1", version: int = 1, who: str = "ana"
) -> Applied:
    return await port.apply(who, change, terms or Terms(), key=key, expected_version=version, now=NOW)


async def stock_of(shop: SqlShop, variant_id: str) -> int:
    return next(v.stock for p in (await shop.export_all()).products for v in p.variants if v.id == variant_id)


async def balance_of(port: Shop, method_id: str) -> Money | None:
    return (await port.customer("ana")).method(method_id).balance


async def test_a_write_raises_the_version_and_is_what_one_reads_afterwards(shop: SqlShop, port: Shop) -> None:
    done = await apply(port, ChangeAddress("W100", NEW))
    assert done.order == await port.order_of("ana", "W100")
    assert (done.order.address, done.order.version) == (NEW, 2)
    assert (await shop.export_all()).orders[2] == done.order


async def test_the_same_key_again_answers_the_first_result_and_changes_nothing(shop: SqlShop, port: Shop) -> None:
    first = await apply(port, CancelOrder("W100", "changed_mind"), Terms(refund=euros("115.00"), refund_days=10))
    again = await apply(port, CancelOrder("W100", "changed_mind"), Terms(refund=euros("115.00"), refund_days=10))
    assert again == first
    assert await port.applied("ana", "k1") == first
    assert (await stock_of(shop, "s7"), (await port.order_of("ana", "W100")).version) == (7, 2)


@pytest.mark.parametrize(
    ("who", "change"),
    [
        ("ana", ChangeAddress("W100", replace(NEW, line1="Otra 2"))),
        ("ana", ChangeAddress("W102", NEW)),
        ("ana", ChangeProfileAddress(NEW)),
        ("bruno", ChangeAddress("W200", NEW)),
    ],
)
async def test_a_key_stands_for_one_change_of_one_customer(port: Shop, who: str, change: Change) -> None:
    await apply(port, ChangeAddress("W100", NEW))
    with pytest.raises(NotPossible) as refused:
        await apply(port, change, who=who)
    assert refused.value.code == "key_reused"


async def test_what_was_applied_is_told_to_its_customer_only(port: Shop) -> None:
    await apply(port, ChangeAddress("W100", NEW))
    assert await port.applied("bruno", "k1") is None
    assert await port.applied("ana", "k2") is None


async def test_a_stale_version_is_refused(port: Shop) -> None:
    await apply(port, ChangeAddress("W100", NEW))
    with pytest.raises(StaleVersion):
        await apply(port, SetInstructions("W100", "Portería"), key="k2", version=1)
    assert (await port.order_of("ana", "W100")).delivery.instructions == ""


REFUSED: list[tuple[str, Change, Terms, str]] = [
    ("stranger's order", ChangeAddress("W200", NEW), Terms(), "unknown_order"),
    ("out of stock", ChangeItems("W100", (Swap("1", 1, "s9"),), "ana-card"), Terms(), "out_of_stock"),
    ("more than in stock", ChangeItems("W100", (Swap("1", 2, "s8"),), "ana-card"), Terms(), "out_of_stock"),
    ("no such variant", ChangeItems("W100", (Swap("1", 1, "nope"),), "ana-card"), Terms(), "unknown_variant"),
    ("other product", ChangeItems("W100", (Swap("1", 1, "m1"),), "ana-card"), Terms(), "other_product"),
    ("foreign method", ChangePayment("W100", "bruno-pix"), Terms(), "unknown_method"),
    ("poor gift card", ChangePayment("W100", "ana-gift"), Terms(), "insufficient_balance"),
    ("slot of the past", ChangeSlot("W100", "2026-11-20T09"), Terms(), "unknown_slot"),
    ("point abroad", ChangePickup("W100", "abroad"), Terms(), "unknown_pickup_point"),
]


@pytest.mark.parametrize(("_why", "change", "terms", "code"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_a_refused_write_says_why_and_changes_nothing(
    shop: SqlShop, port: Shop, data: ShopData, _why: str, change: Change, terms: Terms, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        await apply(port, change, terms)
    assert refused.value.code == code
    assert await port.applied("ana", "k1") is None
    assert await shop.export_all() == data


async def test_a_write_refused_half_way_is_undone_whole(shop: SqlShop, port: Shop, data: ShopData) -> None:
    """The first variant can be had, the second cannot: the first must not stay reserved."""
    swaps = (Swap("1", 1, "s8"), Swap("1", 1, "s9"))
    with pytest.raises(NotPossible):
        await apply(port, ExchangeItems("W101", swaps, "ana-card"))
    assert await shop.export_all() == data


async def test_what_a_shop_cannot_do_is_not_offered(shop: SqlShop, port: Shop, data: ShopData) -> None:
    await shop.load(replace(data, capabilities=frozenset({ChangeKind.RETURN})))
    with pytest.raises(NotOffered):
        await apply(port, ChangeAddress("W100", NEW))


async def test_gift_cards_gain_and_pay_at_once(port: Shop) -> None:
    await apply(port, ChangeItems("W100", ONE_UP, "ana-gift"), Terms(charge=euros("5.00")))
    assert await balance_of(port, "ana-gift") == euros("55.00")
    cancelled = await apply(
        port, CancelOrder("W100", "changed_mind"), Terms(refund=euros("120.00")), key="k2", version=2
    )
    assert await balance_of(port, "ana-gift") == euros("60.00")
    assert cancelled.order.status is OrderStatus.CANCELLED


async def test_an_exchange_reserves_and_its_withdrawal_puts_back(shop: SqlShop, port: Shop) -> None:
    done = await apply(port, ExchangeItems("W101", ONE_UP, "ana-card"), Terms(charge=euros("5.00")))
    assert await stock_of(shop, "s8") == 0
    await apply(port, CancelExchange("W101", done.references["rma"]), key="k2", version=2)
    assert await stock_of(shop, "s8") == 1


async def test_a_slot_is_chosen_and_its_fee_paid_as_the_order_was(port: Shop) -> None:
    done = await apply(port, ChangeSlot("W100", "2026-11-24T14"), Terms(charge=euros("2.50")))
    assert done.order.delivery.slot.id == "2026-11-24T14"
    assert (done.order.payments[-1].method_id, done.order.payments[-1].amount) == ("ana-card", euros("2.50"))
    assert await port.order_of("ana", "W100") == done.order


async def test_a_profile_address_is_the_customers_and_touches_no_order(
    shop: SqlShop, port: Shop, data: ShopData
) -> None:
    done = await apply(port, ChangeProfileAddress(NEW))
    customer = await port.customer("ana")
    assert (customer.address, customer.version, done.order) == (NEW, 2, None)
    assert (await shop.export_all()).orders == data.orders
    with pytest.raises(StaleVersion):
        await apply(port, ChangeProfileAddress(NEW), key="k2", version=1)


async def test_of_ten_who_want_the_last_unit_one_gets_it(shop: SqlShop, port: Shop, data: ShopData) -> None:
    orders = tuple(replace(data.orders[2], number=f"W{n}") for n in range(500, 510))
    await shop.load(replace(data, orders=orders))
    tries = (
        apply(port, ChangeItems(order.number, ONE_UP, "ana-card"), Terms(charge=euros("5.00")), key=order.number)
        for order in orders
    )
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(_outcome(result) for result in results) == ["applied", *["out_of_stock"] * 9]
    assert await stock_of(shop, "s8") == 0
    assert await stock_of(shop, "s7") == 6


async def test_a_gift_card_is_not_spent_twice_by_changes_at_once(shop: SqlShop, port: Shop, data: ShopData) -> None:
    orders = tuple(replace(data.orders[2], number=f"W{n}", total=euros("25.00")) for n in range(500, 506))
    await shop.load(replace(data, orders=orders))
    tries = (apply(port, ChangePayment(order.number, "ana-gift"), key=order.number) for order in orders)
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(_outcome(result) for result in results) == ["applied"] * 2 + ["insufficient_balance"] * 4
    assert await balance_of(port, "ana-gift") == euros("10.00")


async def test_the_same_key_at_once_is_applied_once(shop: SqlShop, port: Shop) -> None:
    cancel = CancelOrder("W100", "changed_mind")
    results = await asyncio.gather(*(apply(port, cancel, Terms(refund=euros("115.00"))) for _ in range(10)))
    assert all(result == results[0] for result in results)
    assert (await port.order_of("ana", "W100")).version == 2
    assert await stock_of(shop, "s7") == 7


async def test_two_changes_decided_on_one_version_do_not_both_happen(port: Shop) -> None:
    results = await asyncio.gather(
        apply(port, SetInstructions("W100", "Uno"), key="a"),
        apply(port, SetInstructions("W100", "Dos"), key="b"),
        return_exceptions=True,
    )
    assert sorted(_outcome(result) for result in results) == ["applied", "stale_version"]


async def test_exchanges_that_take_the_same_variants_crosswise_do_not_block_each_other(
    shop: SqlShop, port: Shop, data: ShopData
) -> None:
    plenty = replace(data.products[0], variants=tuple(replace(v, stock=50) for v in data.products[0].variants))
    orders = tuple(replace(data.orders[1], number=f"W{n}") for n in range(500, 520))
    await shop.load(replace(data, products=(plenty,), orders=orders))
    pairs = (("s8", "s9"), ("s9", "s8"))
    tries = (
        apply(port, ExchangeItems(o.number, tuple(Swap("1", 1, v) for v in pairs[n % 2]), "ana-card"), key=o.number)
        for n, o in enumerate(orders)
    )
    assert [_outcome(result) for result in await asyncio.gather(*tries, return_exceptions=True)] == ["applied"] * 20
    assert (await stock_of(shop, "s8"), await stock_of(shop, "s9")) == (30, 30)


def _outcome(result: Applied | BaseException) -> str:
    if isinstance(result, Applied):
        return "applied"
    assert isinstance(result, ShopError), result
    return result.code
