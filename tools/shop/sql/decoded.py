"""What was decoded a moment ago: a turn reads the same few rows again and again, and parsing them is the dear part.

The row itself is the key, so there is nothing to invalidate: another version, stock or balance is another row. What
comes out is shared, which frozen values allow.
"""

from __future__ import annotations

from functools import lru_cache

from tools.shop.models import Customer, Product
from tools.shop.sql.rows import AnyRow, to_customer, to_product
from tools.shop.wire import ORDER, PICKUP_POINT

decode_order = lru_cache(2048)(ORDER.read)
decode_point = lru_cache(2048)(PICKUP_POINT.read)


@lru_cache(2048)
def decode_customer(rows: tuple[AnyRow, ...]) -> Customer:
    """A customer from at least one row, of ``customer`` (the document) beside a payment method or nulls."""
    return to_customer(rows[0].customer, (row for row in rows if row.id is not None))


@lru_cache(512)
def decode_product(rows: tuple[AnyRow, ...]) -> Product:
    """A product from at least one row, of ``product`` (the document) beside a variant or nulls."""
    return to_product(rows[0].product, (row for row in rows if row.document is not None))
