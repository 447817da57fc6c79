"""Fresh copies of the imported tau shop, and what a replay left changed in one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.shop.data import ShopData
from tools.shop.models import CustomerId
from tools.shop.sql import SqlShop, create_shop_engine, create_tables
from tools.shop.tau2 import export_tau2, import_tau2

SHOP_ID = "tau"
TABLES = {
    "shop_orders": ("customer_id", "number_key", "document"),
    "shop_customers": ("id", "id", "document"),
    "shop_payment_methods": ("customer_id", "id", "balance"),
}
"""What a replay may leave different: whose it is, which row, and what of it counts (stock is not in the format)."""

MOST_ORDERS = 100

Rows = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class TauShop:
    """The shop as imported: a database file to copy, its rows in the benchmark's own format and as they are stored."""

    file: Path
    data: ShopData
    rows: Mapping[str, Mapping[str, Any]] = field(repr=False)
    content: frozenset[tuple[str, ...]] = field(repr=False)

    @asynccontextmanager
    async def copied(self, to: Path) -> AsyncIterator[SqlShop]:
        """A shop of its own in that file, for as long as the context lasts."""
        shutil.copyfile(self.file, to)
        engine = create_shop_engine(f"sqlite:///{to}")
        try:
            shop = await SqlShop.open(engine, SHOP_ID)
            if shop is None:
                raise LookupError(f"no shop in {self.file}")
            yield shop
        finally:
            await engine.dispose()

    async def changed(self, shop: SqlShop, file: Path) -> Rows:
        """``{table: {row: {field: value}}}`` of all orders and users that differ from the import, whosever they are."""
        customers = {owner for _, owner, *_ in self.content ^ _read_rows(file)}
        return _differences(self.rows, export_tau2(await _part(shop, customers)))


async def import_shop(source: Path, file: Path) -> TauShop:
    """Import the benchmark's database into a new SQLite file. Raises ``ImportRefused``."""
    data = import_tau2(source)
    engine = create_shop_engine(f"sqlite:///{file}")
    await create_tables(engine)
    await SqlShop(engine, SHOP_ID).load(data)
    await engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return TauShop(file, data, export_tau2(data), _read_rows(file))


def _read_rows(file: Path) -> frozenset[tuple[str, ...]]:
    """Every row that counts: its table, whose it is, which it is, and what is in it."""
    with closing(sqlite3.connect(file)) as connection:
        queries = (f"select '{table}', {', '.join(columns)} from {table}" for table, columns in TABLES.items())
        return frozenset(row for query in queries for row in connection.execute(query))


async def _part(shop: SqlShop, customers: set[str]) -> ShopData:
    found = [await shop.customer(CustomerId(customer)) for customer in sorted(customers)]
    newest_first = [await shop.orders_of(customer.id, MOST_ORDERS) for customer in found if customer]
    orders = [order for orders in newest_first for order in reversed(orders)]
    present = tuple(customer for customer in found if customer)
    return ShopData(name="", zone="UTC", customers=present, products=(), orders=tuple(orders))


def _differences(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> Rows:
    changed: Rows = {}
    for table in ("orders", "users"):
        for key, row in after[table].items():
            old = before[table].get(key, {})
            fields = {name: value for name, value in row.items() if old.get(name) != value}
            fields |= {name: None for name in old if name not in row}
            if fields:
                changed.setdefault(table, {})[key] = fields
    return changed
