"""Whose is this? The one customer to whom every part of a proof belongs."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, or_, select

from tools.shop.matching import email_key, name_key, number_key, phone_key, postal_key
from tools.shop.models import CustomerId
from tools.shop.port import Proof
from tools.shop.sql.tables import customers, orders

KEYS = {
    "number": number_key,
    "email": email_key,
    "postal_code": postal_key,
    "phone": phone_key,
    "first_name": name_key,
    "last_name": name_key,
}


def identify(connection: Connection, shop: str, proof: Proof) -> CustomerId | None:
    """None when nothing is offered, when a part is unusable (a phone of five digits), or when two would fit.

    With an order number, postal code and phone may be those the order goes to, or those of the account.
    """
    given = {name: text for name, text in asdict(proof).items() if text.strip()}
    keys = {name: KEYS[name](text) for name, text in given.items()}
    if not keys or not all(keys.values()):
        return None
    found = connection.execute(_ask(frozenset(keys)), {"shop": shop} | keys).scalars().all()
    return CustomerId(found[0]) if len(found) == 1 else None


@cache
def _ask(parts: frozenset[str]) -> Select[str]:
    query = select(customers.c.id).distinct().where(customers.c.shop_id == bindparam("shop")).limit(2)
    if "number" in parts:
        own = (orders.c.shop_id == customers.c.shop_id) & (orders.c.customer_id == customers.c.id)
        query = query.join(orders, own).where(orders.c.number_key == bindparam("number"))
    return query.where(*(_match(part, "number" in parts) for part in sorted(parts - {"number"})))


def _match(part: str, with_order: bool) -> ColumnElement[bool]:
    column = {
        "email": customers.c.email_key,
        "postal_code": customers.c.postal_key,
        "phone": customers.c.phone_key,
        "first_name": customers.c.first_key,
        "last_name": customers.c.last_key,
    }[part]
    of_order = {"postal_code": orders.c.postal_key, "phone": orders.c.phone_key}.get(part)
    key: BindParameter[str] = bindparam(part)
    if with_order and of_order is not None:
        return or_(column == key, of_order == key)
    return column == key
