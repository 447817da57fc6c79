"""The shop's rows as they are stored, and where two states of them differ. Read past the service, in milliseconds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from evals.suite.trajectory import RowChange
from tools.shop.data import ShopData
from tools.shop.matching import number_key
from tools.shop.wire import CUSTOMER, ORDER

Rows = Mapping[tuple[str, str], str]
"""The stored JSON by table and key."""

_QUERIES: Final = {
    "order": "select number_key, document from shop_orders",
    "customer": "select id, document from shop_customers",
    "payment_method": "select customer_id || '/' || id, json_object('balance', balance) from shop_payment_methods",
    "variant": "select id, json_object('stock', stock) from shop_variants",
}
UNSTATED: Final = ("version",)
"""Counts writes; says nothing that the other fields do not."""


def read_rows(file: Path) -> dict[tuple[str, str], str]:
    """Every row that a conversation may leave different."""
    with closing(sqlite3.connect(file)) as connection:
        return {(table, str(key)): text for table, query in _QUERIES.items() for key, text in connection.execute(query)}


def rows_of(data: ShopData) -> dict[tuple[str, str], str]:
    """The same rows of a shop that is not a file here."""
    rows = {("order", number_key(str(one.number))): ORDER.text(one) for one in data.orders}
    for customer in data.customers:
        rows["customer", customer.id] = CUSTOMER.text(replace(customer, payment_methods=()))
        for method in customer.payment_methods:
            balance = method.balance.as_json() if method.balance else None
            rows["payment_method", f"{customer.id}/{method.id}"] = json.dumps({"balance": balance})
    variants = (variant for product in data.products for variant in product.variants)
    return rows | {("variant", str(one.id)): json.dumps({"stock": one.stock}) for one in variants}


def changes_between(before: Rows, after: Rows) -> tuple[RowChange, ...]:
    """Every row that differs, by table and key."""
    if before == after:
        return ()
    return tuple(_changes(before, after))


def _changes(before: Rows, after: Rows) -> Iterator[RowChange]:
    for table, key in sorted(before.keys() | after.keys()):
        was, now = before.get((table, key), "{}"), after.get((table, key), "{}")
        fields = {} if was == now else _fields(json.loads(was), json.loads(now))
        if fields:
            yield RowChange(table=table, key=key, fields=fields)  # type: ignore[arg-type]


def _fields(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = sorted(name for name in was.keys() | now.keys() if name not in UNSTATED)
    return {name: (was.get(name), now.get(name)) for name in names if was.get(name) != now.get(name)}
