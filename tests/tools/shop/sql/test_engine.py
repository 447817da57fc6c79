"""What the contract does not show: other processes that hold the file, connections that die, URLs that are none."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.shop.changes import Applied, SetInstructions, Terms
from tools.shop.data import ShopData
from tools.shop.errors import ShopUnavailable
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
async def file(tmp_path: Path, data: ShopData) -> Path:
    """The file of a loaded shop that nobody has open."""
    engine = create_shop_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    await create_tables(engine)
    await SqlShop(engine, "tienda").load(data)
    await engine.dispose()
    return tmp_path / "shop.db"


@pytest.fixture
def other(file: Path) -> Iterator[sqlite3.Connection]:
    """Another process's connection to it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


async def write(shop: SqlShop, number: str = "W100") -> Applied:
    change = SetInstructions(number, "Portería")
    return await shop.apply("ana", change, Terms(), key=number, expected_version=1, now=NOW)


async def test_a_reader_does_not_wait_for_a_writer(file: Path, other: sqlite3.Connection, data: ShopData) -> None:
    engine = create_shop_engine(f"sqlite:///{file}")
    other.execute("begin immediate")
    other.execute("delete from shop_orders")
    assert await SqlShop(engine, "tienda").order_of("ana", "W100") == data.orders[2]
    assert (await SqlShop(engine, "tienda").export_all()).orders == data.orders
    await engine.dispose()


async def test_a_writer_does_not_wait_for_a_reader(file: Path, other: sqlite3.Connection) -> None:
    engine = create_shop_engine(f"sqlite:///{file}")
    other.execute("begin")
    seen = other.execute("select sum(version) from shop_orders").fetchone()
    assert (await write(SqlShop(engine, "tienda"))).order.version == 2
    assert other.execute("select sum(version) from shop_orders").fetchone() == seen
    await engine.dispose()


async def test_writers_of_two_processes_wait_for_each_other(file: Path, data: ShopData) -> None:
    engines = [create_shop_engine(f"sqlite:///{file}") for _ in range(2)]
    shops = [SqlShop(engine, "tienda") for engine in engines]
    numbers = [f"W{n}" for n in range(500, 560)]
    await shops[0].load(replace(data, orders=tuple(replace(data.orders[2], number=number) for number in numbers)))
    await asyncio.gather(*(write(shops[n % 2], number) for n, number in enumerate(numbers)))
    assert {order.version for order in (await shops[0].export_all()).orders} == {2}
    for engine in engines:
        await engine.dispose()


async def test_while_nobody_else_may_even_read_a_reader_waits(
    file: Path, other: sqlite3.Connection, data: ShopData
) -> None:
    engine = create_shop_engine(f"sqlite:///{file}")
    other.execute("pragma locking_mode=exclusive")
    other.execute("begin immediate")
    asking = asyncio.create_task(SqlShop(engine, "tienda").order_of("ana", "W100"))
    await asyncio.sleep(0)
    other.close()
    assert await asking == data.orders[2]
    await engine.dispose()


async def test_a_database_without_the_tables_is_an_unavailable_shop(file: Path, other: sqlite3.Connection) -> None:
    engine = create_shop_engine(f"sqlite:///{file}")
    other.execute("drop table shop_orders")
    shop = SqlShop(engine, "tienda")
    for ask in (lambda: shop.order_of("ana", "W100"), shop.export_all, lambda: write(shop)):
        with pytest.raises(ShopUnavailable):
            await ask()
    await engine.dispose()


async def test_connections_that_died_are_replaced(
    postgres: str, hang_up: Callable[[], Awaitable[None]], data: ShopData
) -> None:
    engine = create_shop_engine(postgres)
    await create_tables(engine)
    shop = SqlShop(engine, "tienda")
    await shop.load(data)
    for ask in (lambda: shop.order_of("ana", "W100"), shop.export_all, lambda: write(shop)):
        assert await shop.order_of("ana", "W100") is not None
        await hang_up()
        assert await ask() is not None
    await engine.dispose()


@pytest.mark.parametrize("url", ["mysql://root:secret@localhost/shop", "shop.db"])
def test_another_database_is_refused_without_telling_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"neither SQLite nor PostgreSQL|not a URL") as refused:
        create_shop_engine(url)
    assert "secret" not in str(refused.value)
