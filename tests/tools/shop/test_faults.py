from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tools.shop.changes import SetInstructions, Terms
from tools.shop.data import ShopData
from tools.shop.errors import ShopUnavailable
from tools.shop.faults import Fault, FaultyShop, Moment
from tools.shop.models import Address, Customer, Order, OrderLine, OrderStatus
from tools.shop.money import Money
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

HERE = Address("Calle 1", "Bogotá", "DC", "110111", "CO")
ZERO = Money.zero("COP")
ORDER = Order(
    number="1",
    customer_id="leo",
    status=OrderStatus.PROCESSING,
    currency="COP",
    country="CO",
    lines=(OrderLine("1", "p", "v", "Taza", {}, 1, ZERO),),
    address=HERE,
    total=ZERO,
    shipping_cost=ZERO,
    discount=ZERO,
)


@pytest.fixture
async def inner() -> AsyncIterator[SqlShop]:
    """A shop in memory."""
    engine = create_shop_engine("sqlite://")
    await create_tables(engine)
    shop = SqlShop(engine, "s")
    await shop.load(ShopData("s", "UTC", (Customer("leo", "Leo", "Paz", "", "", "es", HERE),), (), (ORDER,)))
    yield shop
    await engine.dispose()


async def write(shop: FaultyShop) -> object:
    change = SetInstructions("1", "Portería")
    return await shop.apply("leo", change, Terms(), key="k", expected_version=1, now=datetime(2026, 11, 21, tzinfo=UTC))


@pytest.mark.parametrize(("moment", "happened"), [(Moment.BEFORE, False), (Moment.AFTER, True)])
async def test_a_lost_answer_says_nothing_about_the_write(inner: SqlShop, moment: Moment, happened: bool) -> None:
    shop = FaultyShop(inner, [Fault("apply", moment, call=1)])
    with pytest.raises(ShopUnavailable):
        await write(shop)
    assert (await shop.applied("leo", "k") is not None) is happened
    assert await write(shop) == await shop.applied("leo", "k")
    assert shop.calls["apply"] == 2


async def test_a_fault_without_a_number_lasts(inner: SqlShop) -> None:
    shop = FaultyShop(inner, [Fault("order_of")])
    for _ in range(3):
        with pytest.raises(ShopUnavailable):
            await shop.order_of("leo", "1")
    assert await shop.orders_of("leo") == (ORDER,)


async def test_a_database_that_cannot_be_reached_is_an_unavailable_shop() -> None:
    engine = create_shop_engine("sqlite:////no/such/folder/shop.db")
    with pytest.raises(ShopUnavailable):
        await SqlShop(engine, "s").order_of("leo", "1")
    await engine.dispose()
    engine = create_shop_engine("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(ShopUnavailable):
        await write(FaultyShop(SqlShop(engine, "s"), []))
    await engine.dispose()
