"""Stock and gift cards as counters in the database: taken only while there is enough, whoever else is taking."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, update

from tools.shop.errors import NotPossible
from tools.shop.models import Customer, PaymentMethodId, VariantId
from tools.shop.money import Money
from tools.shop.sql.rows import to_minor
from tools.shop.sql.tables import methods, variants


def move_stock(connection: Connection, shop: str, moves: Mapping[VariantId, int]) -> None:
    """Put units back (> 0) or take them (< 0, or ``NotPossible("out_of_stock")``).

    Always in the order of the ids, so that two transactions never wait for each other. What went out of the
    catalogue since is not put back.
    """
    c = variants.c
    for variant_id, units in sorted(moves.items()):
        moved = connection.execute(
            update(variants)
            .where(c.shop_id == shop, c.id == variant_id, c.stock + units >= 0)
            .values(stock=c.stock + units)
        )
        if units < 0 and moved.rowcount != 1:
            raise NotPossible("out_of_stock", variant_id)


def move_balances(
    connection: Connection, shop: str, customer: Customer, moves: Mapping[PaymentMethodId, Money]
) -> None:
    """Credit gift cards (> 0) or charge them (< 0, or ``NotPossible("insufficient_balance")``)."""
    c = methods.c
    for method_id, amount in sorted(moves.items(), key=lambda move: move[0]):
        minor = to_minor(amount)
        moved = connection.execute(
            update(methods)
            .where(c.shop_id == shop, c.customer_id == customer.id, c.id == method_id, c.balance + minor >= 0)
            .values(balance=c.balance + minor)
        )
        if moved.rowcount != 1:
            raise NotPossible("insufficient_balance", method_id)
