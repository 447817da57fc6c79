"""What was decoded a moment ago: a turn reads the same few rows again and again, and parsing them is the dear part.

The row itself is the key, so there is nothing to invalidate: another version, stock or balance is another row. What
comes out is shared, which frozen values allow.
"""

from __future__ import annotations

from functools import lru_cache

from tools.shop.sql.rows import to_customer, to_product
from tools.shop.wire import ORDER, PICKUP_POINT

decode_order = lru_cache(2048)(ORDER.read)
decode_customer = lru_cache(2048)(to_customer)
decode_product = lru_cache(512)(to_product)
decode_point = lru_cache(2048)(PICKUP_POINT.read)
