"""The tables of the order system.

Each row belongs to one shop. What is searched for, counted or guarded is a column; the rest of a row is one JSON
document, kept as text so that the order of its keys survives in both databases.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

metadata = MetaData()

shops = Table(
    "shop_profiles",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("document", Text, nullable=False),
)

customers = Table(
    "shop_customers",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("email_key", Text, nullable=False),
    Column("phone_key", Text, nullable=False),
    Column("postal_key", Text, nullable=False),
    Column("first_key", Text, nullable=False),
    Column("last_key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Index("shop_customers_by_email", "shop_id", "email_key"),
    Index("shop_customers_by_phone", "shop_id", "phone_key"),
    Index("shop_customers_by_name", "shop_id", "last_key"),
)

methods = Table(
    "shop_payment_methods",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("customer_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("last4", Text, nullable=False),
    Column("balance", BigInteger, comment="minor units; on gift cards only"),
    Column("currency", Text),
)

products = Table(
    "shop_products",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("document", Text, nullable=False, comment="the product without its variants"),
)

variants = Table(
    "shop_variants",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("product_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("document", Text, nullable=False, comment="the variant; its stock there is the one it was loaded with"),
    Index("shop_variants_by_product", "shop_id", "product_id"),
)

orders = Table(
    "shop_orders",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("number_key", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("placed_at", Text, comment="UTC, ISO 8601 with microseconds, so that text sorts as time"),
    Column("postal_key", Text, nullable=False),
    Column("phone_key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Index("shop_orders_by_customer", "shop_id", "customer_id", "placed_at"),
)

pickup_points = Table(
    "shop_pickup_points",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("country", Text, nullable=False),
    Column("document", Text, nullable=False),
)

applied_changes = Table(
    "shop_applied_changes",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("document", Text, nullable=False),
)
