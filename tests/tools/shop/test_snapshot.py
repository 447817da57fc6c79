from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tools.shop.changes import ChangeProfileAddress, SetInstructions, Terms
from tools.shop.data import ShopData
from tools.shop.errors import ShopError, ShopUnavailable
from tools.shop.faults import Fault, FaultyShop, Moment
from tools.shop.models import Address, Customer, Order, OrderLine, OrderStatus, PickupPoint, Product
from tools.shop.money import Money
from tools.shop.port import Shop
from tools.shop.snapshot import Snapshot
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

HERE = Address("Calle 1", "Bogotá", "DC", "110111", "CO")
THERE = Address("Rua 1", "Recife", "PE", "50000-000", "BR")
ZERO = Money.zero("COP")
LEO = Customer("leo", "Leo", "Paz", "leo@mail.com", "", "es", HERE)
FIRST = Order(
    number="W-1",
    customer_id="leo",
    status=OrderStatus.PROCESSING,
    currency="COP",
    country="CO",
    lines=(OrderLine("1", "p", "v", "Taza", {}, 1, ZERO),),
    address=HERE,
    total=ZERO,
    shipping_cost=ZERO,
    discount=ZERO,
    placed_at=datetime(2026, 11, 20, tzinfo=UTC),
)
SECOND = replace(FIRST, number="W-2", placed_at=datetime(2026, 11, 19, tzinfo=UTC))
MUG = Product("p", "Taza", "home", ())
POINTS = (PickupPoint("co", "Centro", HERE), PickupPoint("br", "Praça", THERE))


@pytest.fixture
async def shop() -> AsyncIterator[SqlShop]:
    engine = create_shop_engine("sqlite://")
    await create_tables(engine)
    shop = SqlShop(engine, "s")
    await shop.load(ShopData("s", "UTC", (LEO,), (MUG,), (FIRST, SECOND), POINTS))
    yield shop
    await engine.dispose()


async def instruct(shop: Shop, text: str, *, version: int = 1) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    await shop.apply("leo", SetInstructions("W-1", text), Terms(), key=text, expected_version=version, now=now)


async def test_each_thing_is_asked_for_once(shop: SqlShop) -> None:
    counted = FaultyShop(shop, [])
    turn = Snapshot(counted)
    for written in ("W-1", "#w1", "w 1"):
        assert await turn.order_of("leo", written) == FIRST
        assert await turn.order_of("leo", "W-9") is None
        assert await turn.customer("leo") == LEO
        assert await turn.customer_with_email("leo@mail.com") == LEO
        assert await turn.orders_of("leo") == (FIRST, SECOND)
        assert await turn.orders_of("leo", 1) == (FIRST,)
        assert await turn.product("p") == MUG
        assert await turn.product("q") is None
        assert await turn.pickup_points_for(FIRST) == POINTS[:1]
        assert await turn.pickup_points_for(replace(FIRST, address=THERE)) == POINTS[1:]
    assert counted.calls == {
        "order_of": 2,
        "customer": 1,
        "customer_with_email": 1,
        "orders_of": 2,
        "product": 2,
        "pickup_points_for": 2,
    }


async def test_a_list_of_orders_answers_for_each_of_them(shop: SqlShop) -> None:
    counted = FaultyShop(shop, [])
    turn = Snapshot(counted)
    await turn.orders_of("leo")
    assert [await turn.order_of("leo", number) for number in ("#W-1", "w2")] == [FIRST, SECOND]
    assert "order_of" not in counted.calls


async def test_a_customer_found_by_email_is_known_by_id(shop: SqlShop) -> None:
    counted = FaultyShop(shop, [])
    turn = Snapshot(counted)
    await turn.customer_with_email("leo@mail.com")
    assert await turn.customer("leo") == LEO
    assert "customer" not in counted.calls


async def test_what_is_remembered_for_one_customer_is_nobody_elses(shop: SqlShop) -> None:
    turn = Snapshot(shop)
    await turn.orders_of("leo")
    assert await turn.order_of("mia", "W-1") is None
    assert await turn.orders_of("mia") == ()
    assert await turn.customer("mia") is None


async def test_a_turn_sees_one_state_whatever_others_write(shop: SqlShop) -> None:
    turn = Snapshot(shop)
    assert await turn.order_of("leo", "W-1") == FIRST
    assert await turn.customer("leo") == LEO
    await instruct(shop, "Portería")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    await shop.apply("leo", ChangeProfileAddress(THERE), Terms(), key="k", expected_version=1, now=now)
    assert await turn.orders_of("leo") == (FIRST, SECOND)
    assert await turn.order_of("leo", "W-1") == FIRST
    assert await turn.customer_with_email("leo@mail.com") == LEO
    assert (await Snapshot(shop).order_of("leo", "W-1")).delivery.instructions == "Portería"


async def test_after_a_write_everything_is_read_anew(shop: SqlShop) -> None:
    turn = Snapshot(shop)
    await turn.orders_of("leo")
    await instruct(turn, "Portería")
    assert (await turn.order_of("leo", "W-1")).delivery.instructions == "Portería"
    assert [order.version for order in await turn.orders_of("leo")] == [2, 1]


@pytest.mark.parametrize(
    ("plan", "version"),
    [([Fault("apply", Moment.AFTER)], 2), ([], 1)],
    ids=["the answer to the write was lost", "the write was refused as stale"],
)
async def test_after_a_write_that_failed_everything_is_read_anew(
    shop: SqlShop, plan: list[Fault], version: int
) -> None:
    turn = Snapshot(FaultyShop(shop, plan))
    await turn.order_of("leo", "W-1")
    await instruct(shop, "Timbre")
    with pytest.raises(ShopError):
        await instruct(turn, "Portería", version=version)
    assert await turn.order_of("leo", "W-1") == await shop.order_of("leo", "W-1") != FIRST


async def test_a_failure_is_not_remembered(shop: SqlShop) -> None:
    turn = Snapshot(FaultyShop(shop, [Fault("order_of", call=1)]))
    with pytest.raises(ShopUnavailable):
        await turn.order_of("leo", "W-1")
    assert await turn.order_of("leo", "W-1") == FIRST


class Slow(FaultyShop):
    """Answers the first question about an order only when told to, with what it read when it was asked."""

    def __init__(self, inner: Shop) -> None:
        super().__init__(inner, [])
        self.told = asyncio.Event()

    async def order_of(self, customer_id, number):
        order = await super().order_of(customer_id, number)
        if self.calls["order_of"] == 1:
            await self.told.wait()
        return order


async def test_an_answer_that_arrives_after_a_write_is_not_remembered(shop: SqlShop) -> None:
    slow = Slow(shop)
    turn = Snapshot(slow)
    before = asyncio.create_task(turn.order_of("leo", "W-1"))
    await asyncio.sleep(0)
    await instruct(turn, "Portería")
    slow.told.set()
    assert await before == FIRST
    assert (await turn.order_of("leo", "W-1")).version == 2


async def test_of_two_who_ask_at_once_both_get_the_same_answer(shop: SqlShop) -> None:
    slow = Slow(shop)
    turn = Snapshot(slow)
    first = asyncio.create_task(turn.order_of("leo", "W-1"))
    await asyncio.sleep(0)
    await instruct(shop, "Portería")
    later = await turn.order_of("leo", "W-1")
    slow.told.set()
    assert await first == later
    assert later.version == 2
