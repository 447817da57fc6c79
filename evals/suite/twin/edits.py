"""What the world does to the shop by itself, past the service: a scan, a stock, a planted text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, select, update

from tools.shop.matching import number_key
from tools.shop.models import Order
from tools.shop.sql import tables as t
from tools.shop.sql.engine import ShopEngine
from tools.shop.sql.rows import order_state
from tools.shop.wire import ORDER, PRODUCT

Edit = Callable[[Order], Order]


async def edit_order(engine: ShopEngine, shop: str, number: str, edit: Edit) -> tuple[Order, Order]:
    """Change an order; it as it was and as it is. Raises ``LookupError``."""

    def work(connection: Connection) -> tuple[Order, Order]:
        mine = (t.orders.c.shop_id == shop) & (t.orders.c.number_key == number_key(number))
        document = connection.execute(select(t.orders.c.document).where(mine)).scalar()
        if document is None:
            raise LookupError(f"there is no order {number}")
        before = ORDER.read(document)
        after = replace(edit(before), version=before.version + 1)
        connection.execute(update(t.orders).where(mine).values(order_state(after)))
        return before, after

    return await engine.write(work)


async def set_stock(engine: ShopEngine, shop: str, variant: str, stock: int) -> None:
    """So many are left. Raises ``LookupError``."""

    def work(connection: Connection) -> int:
        mine = (t.variants.c.shop_id == shop) & (t.variants.c.id == variant)
        return connection.execute(update(t.variants).where(mine).values(stock=stock)).rowcount

    if not await engine.write(work):
        raise LookupError(f"there is no variant {variant}")


async def retitle(engine: ShopEngine, shop: str, product: str, title: str) -> None:
    """Another title, in every language."""

    def work(connection: Connection) -> None:
        mine = (t.products.c.shop_id == shop) & (t.products.c.id == product)
        found = PRODUCT.read(connection.execute(select(t.products.c.document).where(mine)).scalar_one())
        after = replace(found, title=title, titles=dict.fromkeys(found.titles, title))
        connection.execute(update(t.products).where(mine).values(document=PRODUCT.text(after)))

    await engine.write(work)
