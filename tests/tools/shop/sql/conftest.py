"""One small shop, kept in SQLite and in PostgreSQL, asked directly and through what a turn remembers of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tools.shop.data import ShopData, SlotPlan
from tools.shop.models import (
    Address,
    Customer,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentMethod,
    PickupPoint,
    Product,
    Shipment,
    ShipmentStatus,
    Variant,
)
from tools.shop.money import Money
from tools.shop.port import Shop
from tools.shop.snapshot import Snapshot
from tools.shop.sql import SqlShop, create_shop_engine, create_tables
from tools.shop.sql.engine import ShopEngine

POSTGRES = os.environ.get("POSTVENTA_TEST_POSTGRES", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres")
HangUp = Callable[[], Awaitable[None]]


def euros(amount: str) -> Money:
    return Money.of(Decimal(amount), "EUR")


HOME = Address("Calle Mayor 5", "Madrid", "Madrid", "28013", "ES", phone="+34 612 345 678")
AWAY = Address("Rua Augusta 9", "Lisboa", "Lisboa", "1100-053", "PT")
ANA = Customer(
    id="ana",
    first_name="Ana María",
    last_name="Muñoz Ríos",
    email="Ana.Munoz@mail.com",
    phone="+34 612 345 678",
    language="es",
    address=HOME,
    payment_methods=(
        PaymentMethod("ana-card", PaymentKind.CARD, "visa", "4242"),
        PaymentMethod("ana-gift", PaymentKind.GIFT_CARD, balance=euros("60.00")),
    ),
)
BRUNO = Customer(
    "bruno", "Bruno", "Reis", "bruno@mail.com", "", "pt", AWAY, (PaymentMethod("bruno-pix", PaymentKind.PIX),)
)


def variant(variant_id: str, product_id: str, size: str, price: str, stock: int) -> Variant:
    return Variant(variant_id, product_id, {"talla": size}, euros(price), stock)


SHOES = Product(
    "shoes",
    "Zapatillas",
    "footwear",
    (
        variant("s7", "shoes", "7", "50.00", 5),
        variant("s8", "shoes", "8", "55.00", 1),
        variant("s9", "shoes", "9", "50.00", 0),
    ),
)
MUG = Product("mug", "Taza", "home", (variant("m1", "mug", "única", "10.00", 4),))


def line(line_id: str, variant_id: str, product: Product, price: str, quantity: int) -> OrderLine:
    options = product.variant(variant_id).options
    return OrderLine(line_id, product.id, variant_id, product.title, options, quantity, euros(price))


def parcel(parcel_id: str, contents: dict[str, int], status: ShipmentStatus) -> Shipment:
    return Shipment(parcel_id, contents, "Correos", f"TRK{parcel_id}", status)


OPEN = Order(
    number="#W-100",
    customer_id="ana",
    status=OrderStatus.PROCESSING,
    currency="EUR",
    country="ES",
    lines=(line("1", "s7", SHOES, "50.00", 2), line("2", "m1", MUG, "10.00", 1)),
    address=HOME,
    total=euros("115.00"),
    shipping_cost=euros("5.00"),
    discount=euros("0"),
    placed_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    payments=(Payment("payment", "ana-card", euros("115.00"), datetime(2026, 11, 20, 10, tzinfo=UTC)),),
)
DELIVERED = replace(
    OPEN,
    number="#W-101",
    status=OrderStatus.DELIVERED,
    placed_at=datetime(2026, 11, 2, 10, tzinfo=UTC),
    shipments=(parcel("1", {"1": 2, "2": 1}, ShipmentStatus.DELIVERED),),
)
SPLIT = replace(
    OPEN,
    number="#W-102",
    status=OrderStatus.SHIPPED,
    placed_at=None,
    shipments=(
        parcel("2", {"1": 1}, ShipmentStatus.DELIVERED),
        parcel("3", {"1": 1, "2": 1}, ShipmentStatus.IN_TRANSIT),
    ),
)
BRUNOS = replace(
    OPEN,
    number="#W-200",
    customer_id="bruno",
    address=AWAY,
    country="PT",
    payments=(Payment("payment", "bruno-pix", euros("115.00")),),
)
POINTS = tuple(
    PickupPoint(name, name, Address("Plaza 1", city, region, postal, country))
    for name, city, region, postal, country in (
        ("far", "Sevilla", "Andalucía", "41001", "ES"),
        ("region", "Getafe", "Madrid", "29901", "ES"),
        ("abroad", "Lisboa", "Lisboa", "1100-053", "PT"),
        ("city", "MADRID", "Madrid", "27001", "ES"),
        ("near", "Madrid", "Madrid", "28014", "ES"),
        ("next", "Madrid", "Madrid", "28013", "ES"),
    )
)


@pytest.fixture
def data() -> ShopData:
    return ShopData(
        name="Tienda",
        zone="Europe/Madrid",
        customers=(ANA, BRUNO),
        products=(SHOES, MUG),
        orders=(SPLIT, DELIVERED, OPEN, BRUNOS),
        pickup_points=POINTS,
        slot_plan={"ES": SlotPlan("Europe/Madrid", euros("2.50"), ((time(9), time(13)), (time(14), time(18))))},
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a database of our own, dropped afterwards."""
    name = f"postventa_test_{uuid4().hex[:12]}"
    try:
        asyncio.run(administrate(f"create database {name}"))
    except OSError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no PostgreSQL at {make_url(POSTGRES).host}: {error}")
    url = make_url(POSTGRES).set(database=name)
    yield url.render_as_string(hide_password=False)
    asyncio.run(administrate(f"drop database {name} with (force)"))


@pytest.fixture
def hang_up(postgres: str) -> HangUp:
    """Ends every connection to that database from the server's side."""
    name = make_url(postgres).database
    return lambda: administrate(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")


async def administrate(statement: str) -> None:
    engine = create_async_engine(make_url(POSTGRES), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres"))
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture
async def engine(url: str) -> AsyncIterator[ShopEngine]:
    engine = create_shop_engine(url)
    await create_tables(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def shop(engine: ShopEngine, data: ShopData) -> SqlShop:
    shop = SqlShop(engine, "tienda")
    await shop.load(data)
    return shop


@pytest.fixture(params=["each time", "once a turn"])
def port(request: pytest.FixtureRequest, shop: SqlShop) -> Shop:
    """What the contract of the port is tested on."""
    return Snapshot(shop) if request.param == "once a turn" else shop
