"""The queries of the order system. Each names the shop, and the customer wherever something is a customer's."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BindParameter, Connection, bindparam, select

from tools.shop.changes import Applied
from tools.shop.models import Customer, CustomerId, Order, PickupPoint, Product, Variant, VariantId
from tools.shop.sql import tables as t
from tools.shop.sql.decoded import decode_customer, decode_order, decode_point, decode_product
from tools.shop.sql.rows import to_variant
from tools.shop.wire import APPLIED

SHOP: BindParameter[str] = bindparam("shop")
ID: BindParameter[str] = bindparam("id")
CUSTOMER_ID: BindParameter[str] = bindparam("customer")

CUSTOMER = (
    select(t.customers.c.document.label("customer"), t.methods)
    .outerjoin(
        t.methods,
        (t.methods.c.shop_id == t.customers.c.shop_id) & (t.methods.c.customer_id == t.customers.c.id),
    )
    .where(t.customers.c.shop_id == SHOP, t.customers.c.id == ID)
    .order_by(t.methods.c.position)
)
BY_EMAIL = (
    select(t.customers.c.id)
    .where(t.customers.c.shop_id == SHOP, t.customers.c.email_key == bindparam("email"))
    .limit(2)
)
ORDER_OF = select(t.orders.c.document).where(
    t.orders.c.shop_id == SHOP,
    t.orders.c.customer_id == CUSTOMER_ID,
    t.orders.c.number_key == bindparam("number"),
)
ORDER_OF_LOCKED = ORDER_OF.with_for_update()
CUSTOMER_LOCKED = CUSTOMER.with_for_update(of=t.customers)
ORDERS_OF = (
    select(t.orders.c.document)
    .where(t.orders.c.shop_id == SHOP, t.orders.c.customer_id == CUSTOMER_ID)
    .order_by(t.orders.c.placed_at.desc().nulls_last(), t.orders.c.position.desc())
    .limit(bindparam("limit"))
)
PRODUCT = (
    select(t.products.c.document.label("product"), t.variants.c.stock, t.variants.c.document)
    .outerjoin(
        t.variants,
        (t.variants.c.shop_id == t.products.c.shop_id) & (t.variants.c.product_id == t.products.c.id),
    )
    .where(t.products.c.shop_id == SHOP, t.products.c.id == ID)
    .order_by(t.variants.c.position)
)
VARIANTS_NAMED = select(t.variants.c.stock, t.variants.c.document).where(
    t.variants.c.shop_id == SHOP, t.variants.c.id.in_(bindparam("ids", expanding=True))
)
POINTS = (
    select(t.pickup_points.c.document)
    .where(t.pickup_points.c.shop_id == SHOP, t.pickup_points.c.country == bindparam("country"))
    .order_by(t.pickup_points.c.position)
)
APPLIED_UNDER = select(t.applied_changes.c.document).where(
    t.applied_changes.c.shop_id == SHOP,
    t.applied_changes.c.customer_id == CUSTOMER_ID,
    t.applied_changes.c.key == bindparam("key"),
)


def find_customer(connection: Connection, shop: str, customer_id: str, *, lock: bool = False) -> Customer | None:
    """That customer with the payment methods; with ``lock``, nobody else writes to them in this transaction."""
    names = {"shop": shop, "id": customer_id}
    rows = tuple(connection.execute(CUSTOMER_LOCKED if lock else CUSTOMER, names))
    return decode_customer(rows) if rows else None


def find_by_email(connection: Connection, shop: str, email: str) -> CustomerId | None:
    """The customer with that e-mail key, when it is exactly one."""
    found = connection.execute(BY_EMAIL, {"shop": shop, "email": email}).scalars().all()
    return CustomerId(found[0]) if len(found) == 1 else None


def find_order(
    connection: Connection, shop: str, customer_id: CustomerId, number: str, *, lock: bool = False
) -> Order | None:
    """That customer's order with that number key; with ``lock``, nobody else writes to it in this transaction."""
    names = {"shop": shop, "customer": customer_id, "number": number}
    document = connection.execute(ORDER_OF_LOCKED if lock else ORDER_OF, names).scalar()
    return None if document is None else decode_order(document)


def list_orders(connection: Connection, shop: str, customer_id: CustomerId, limit: int) -> tuple[Order, ...]:
    """That customer's orders, newest first; those without a date last, the later loaded before the earlier."""
    names = {"shop": shop, "customer": customer_id, "limit": limit}
    return tuple(map(decode_order, connection.execute(ORDERS_OF, names).scalars()))


def find_product(connection: Connection, shop: str, product_id: str) -> Product | None:
    """That product with its variants."""
    names = {"shop": shop, "id": product_id}
    rows = tuple(connection.execute(PRODUCT, names))
    return decode_product(rows) if rows else None


def find_variants(connection: Connection, shop: str, ids: Collection[VariantId]) -> dict[VariantId, Variant]:
    """Those of the named variants that there are."""
    if not ids:
        return {}
    rows = connection.execute(VARIANTS_NAMED, {"shop": shop, "ids": sorted(ids)})
    return {variant.id: variant for variant in map(to_variant, rows)}


def list_pickup_points(connection: Connection, shop: str, country: str) -> list[PickupPoint]:
    """The pickup points of a country, as loaded."""
    rows = connection.execute(POINTS, {"shop": shop, "country": country})
    return [decode_point(document) for document in rows.scalars()]


def find_applied(connection: Connection, shop: str, customer_id: CustomerId, key: str) -> Applied | None:
    """What was carried out under that key for that customer."""
    names = {"shop": shop, "customer": customer_id, "key": key}
    document = connection.execute(APPLIED_UNDER, names).scalar()
    return None if document is None else APPLIED.read(document)
