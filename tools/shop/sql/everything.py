"""A whole shop, read out and written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, insert, select

from tools.shop.data import ShopData
from tools.shop.sql import tables as t
from tools.shop.sql.profile import PROFILE, Profile
from tools.shop.sql.rows import (
    AnyRow,
    Values,
    customer_values,
    method_values,
    order_values,
    product_values,
    to_customer,
    to_orders,
    to_product,
    variant_values,
)
from tools.shop.wire import PICKUP_POINT


def read_profile(connection: Connection, shop: str) -> Profile | None:
    """The profile of the shop as it was loaded."""
    text = connection.execute(select(t.shops.c.document).where(t.shops.c.shop_id == shop)).scalar()
    return None if text is None else PROFILE.read(text)


def read_everything(connection: Connection, shop: str) -> ShopData:
    """The shop as it is now, each list in the order it was loaded."""
    profile = read_profile(connection, shop) or Profile()
    methods = _group(connection, _all_of(t.methods, shop), "customer_id")
    variants = _group(connection, _all_of(t.variants, shop), "product_id")
    customers = connection.execute(_all_of(t.customers, shop))
    products = connection.execute(_all_of(t.products, shop))
    orders = connection.execute(_all_of(t.orders, shop))
    points = connection.execute(_all_of(t.pickup_points, shop))
    return ShopData(
        name=profile.name,
        zone=profile.zone,
        customers=tuple(to_customer(row.document, methods.get(row.id, ())) for row in customers),
        products=tuple(to_product(row.document, variants.get(row.id, ())) for row in products),
        orders=to_orders([row.document for row in orders]),
        pickup_points=tuple(PICKUP_POINT.read(row.document) for row in points),
        slot_plan=profile.slot_plan,
        capabilities=profile.capabilities,
    )


def replace_everything(connection: Connection, shop: str, data: ShopData) -> None:
    """Put that data in place of all the shop has, the record of applied changes included."""
    for table in reversed(t.metadata.sorted_tables):
        connection.execute(delete(table).where(table.c.shop_id == shop))
    for table, values in _list_values(data):
        rows = [{"shop_id": shop} | row for row in values]
        if rows:
            connection.execute(insert(table), rows)


def _list_values(data: ShopData) -> Iterable[tuple[Table, Iterable[Values]]]:
    yield t.shops, [{"document": PROFILE.text(Profile.of(data))}]
    yield t.customers, (customer_values(customer, n) for n, customer in enumerate(data.customers))
    yield (
        t.methods,
        (method_values(c.id, method, n) for c in data.customers for n, method in enumerate(c.payment_methods)),
    )
    yield t.products, (product_values(product, n) for n, product in enumerate(data.products))
    yield (
        t.variants,
        (variant_values(variant, n) for product in data.products for n, variant in enumerate(product.variants)),
    )
    yield t.orders, (order_values(order, n) for n, order in enumerate(data.orders))
    yield (
        t.pickup_points,
        (
            {"id": p.id, "position": n, "country": p.address.country, "document": PICKUP_POINT.text(p)}
            for n, p in enumerate(data.pickup_points)
        ),
    )


def _all_of(table: Table, shop: str) -> Select[*tuple[Any, ...]]:
    return select(table).where(table.c.shop_id == shop).order_by(table.c.position)


def _group(connection: Connection, query: Select[*tuple[Any, ...]], column: str) -> Mapping[str, Sequence[AnyRow]]:
    rows = sorted(connection.execute(query), key=lambda row: str(getattr(row, column)))
    return {name: list(group) for name, group in groupby(rows, key=lambda row: str(getattr(row, column)))}
