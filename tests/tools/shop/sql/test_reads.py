from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tools.shop.changes import ChangeKind
from tools.shop.data import ImportRefused, ShopData
from tools.shop.models import Order, OrderStatus
from tools.shop.port import Proof, Shop
from tools.shop.sql import SqlShop
from tools.shop.sql.engine import ShopEngine

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # a Saturday, already Sunday in Madrid


async def test_a_shop_reads_out_as_it_was_loaded(shop: SqlShop, data: ShopData) -> None:
    assert await shop.export_all() == data


@pytest.mark.parametrize("written", ["#W-100", "w100", " W 100 ", "W-100", "#w-1-0-0"])
async def test_an_order_is_found_however_its_number_is_written(port: Shop, data: ShopData, written: str) -> None:
    assert await port.order_of("ana", written) == data.orders[2]


async def test_a_strangers_order_equals_no_order(port: Shop) -> None:
    assert await port.order_of("bruno", "W100") is None
    assert await port.order_of("bruno", "W999") is None
    assert [order.number for order in await port.orders_of("bruno")] == ["#W-200"]


async def test_orders_come_newest_first_and_those_without_a_date_last(port: Shop) -> None:
    assert [order.number for order in await port.orders_of("ana")] == ["#W-100", "#W-101", "#W-102"]
    assert [order.number for order in await port.orders_of("ana", limit=1)] == ["#W-100"]


async def test_of_orders_without_dates_the_later_loaded_is_the_newer(shop: SqlShop, port: Shop, data: ShopData) -> None:
    await shop.load(replace(data, orders=tuple(replace(order, placed_at=None) for order in data.orders)))
    assert [order.number for order in await port.orders_of("ana")] == ["#W-100", "#W-101", "#W-102"]


async def test_two_shops_in_one_database_see_nothing_of_each_other(
    engine: ShopEngine, port: Shop, data: ShopData
) -> None:
    other = SqlShop(engine, "otra")
    await other.load(replace(data, customers=data.customers[:1], orders=()))
    assert await other.order_of("ana", "W100") is None
    assert await other.identify(Proof(number="W100", email="ana.munoz@mail.com")) is None
    assert await port.order_of("ana", "W100") is not None
    assert (await other.export_all()).customers == data.customers[:1]


PROOFS = [
    (Proof(number="w100", email=" ANA.MUÑOZ@mail.com "), "ana"),
    (Proof(number="W-100", postal_code="28 013"), "ana"),
    (Proof(number="100", postal_code="28013"), None),
    (Proof(number="W100", phone="(0034) 612-345-678"), "ana"),
    (Proof(number="W100", phone="612345678"), "ana"),
    (Proof(number="W100", phone="345678"), None),
    (Proof(email="bruno@mail.com"), "bruno"),
    (Proof(first_name="ana maria", last_name="MUNOZ-RIOS", postal_code="28013"), "ana"),
    (Proof(first_name="Bruno", last_name="Muñoz Ríos"), None),
    (Proof(number="W100", email="bruno@mail.com"), None),
    (Proof(number="W100", email="ana.munoz@mail.com", postal_code="1100-053"), None),
    (Proof(email="anamunoz@mail.com"), None),
    (Proof(email="%"), None),
    (Proof(number="W100", last_name="-"), None),
    (Proof(), None),
    (Proof(number="  "), None),
]


@pytest.mark.parametrize(("proof", "whose"), PROOFS)
async def test_a_proof_names_the_customer_all_its_parts_belong_to(port: Shop, proof: Proof, whose: str | None) -> None:
    assert await port.identify(proof) == whose


async def test_a_proof_that_fits_two_customers_names_neither(shop: SqlShop, port: Shop, data: ShopData) -> None:
    twin = replace(data.customers[0], id="ana-2")
    await shop.load(replace(data, customers=(*data.customers, twin)))
    assert await port.identify(Proof(email="ana.munoz@mail.com")) is None
    assert await port.customer_with_email("ana.munoz@mail.com") is None
    assert await port.identify(Proof(email="ana.munoz@mail.com", number="W100")) == "ana"


async def test_a_customer_is_found_by_id_and_by_email(port: Shop, data: ShopData) -> None:
    ana = data.customers[0]
    assert await port.customer("ana") == ana
    assert await port.customer_with_email("ana.MUNOZ@mail.com") == ana
    assert await port.customer("nobody") is None
    assert await port.customer_with_email("") is None


async def test_a_product_has_its_variants_in_order_with_their_stock(port: Shop, data: ShopData) -> None:
    assert await port.product("shoes") == data.products[0]
    assert await port.product("hat") is None


async def test_slots_are_the_windows_of_the_next_days_in_local_time_without_sundays(port: Shop) -> None:
    order = await port.order_of("ana", "W100")
    slots = await port.slots_for(order, NOW)
    assert [slot.id for slot in slots[:3]] == ["2026-11-23T09", "2026-11-23T14", "2026-11-24T09"]
    assert slots[0].starts_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert slots[0].ends_at - slots[0].starts_at == timedelta(hours=4)
    assert slots[-1].id == "2026-11-27T14"
    assert "2026-11-29T09" not in {slot.id for slot in await port.slots_for(order, NOW + timedelta(days=5))}


async def test_no_slots_are_offered_where_there_is_no_plan_or_nothing_to_bring(port: Shop) -> None:
    order = await port.order_of("bruno", "W200")
    assert list(await port.slots_for(order, NOW)) == []
    delivered = await port.order_of("ana", "W101")
    assert delivered.status is OrderStatus.DELIVERED
    assert list(await port.slots_for(delivered, NOW)) == []


async def test_pickup_points_come_by_postal_prefix_then_city_then_region_then_country(port: Shop) -> None:
    order: Order | None = await port.order_of("ana", "W100")
    points = await port.pickup_points_for(order)
    assert [point.id for point in points] == ["next", "near", "city", "region", "far"]


async def test_a_loaded_shop_is_opened_with_its_own_profile(engine: ShopEngine, data: ShopData) -> None:
    few = frozenset({ChangeKind.ADDRESS, ChangeKind.RETURN})
    await SqlShop(engine, "corta").load(replace(data, capabilities=few))
    opened = await SqlShop.open(engine, "corta")
    assert opened is not None
    assert opened.capabilities == few
    assert await opened.export_all() == replace(data, capabilities=few)
    assert await SqlShop.open(engine, "never") is None


async def test_a_load_with_a_defect_leaves_everything_as_it_was(shop: SqlShop, data: ShopData) -> None:
    twice = replace(data, customers=data.customers[:1], orders=(data.orders[2], replace(data.orders[1], number="w100")))
    with pytest.raises(ImportRefused):
        await shop.load(twice)
    assert await shop.export_all() == data
