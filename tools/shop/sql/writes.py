"""Carrying out one change inside one transaction: held, checked, booked, moved, recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from tools.shop.booking import Facts, book
from tools.shop.changes import (
    Applied,
    Change,
    ChangeItems,
    ChangePickup,
    ChangeProfileAddress,
    ChangeSlot,
    ExchangeItems,
    Terms,
)
from tools.shop.errors import NotPossible, StaleVersion
from tools.shop.matching import number_key
from tools.shop.models import Customer, CustomerId, Order, PickupPoint, Slot
from tools.shop.sql import reads
from tools.shop.sql import tables as t
from tools.shop.sql.moves import move_balances, move_stock
from tools.shop.sql.nearby import sort_by_nearness
from tools.shop.sql.profile import Profile
from tools.shop.sql.rows import customer_state, order_state, to_instant
from tools.shop.sql.slots import list_slots
from tools.shop.wire import APPLIED, change_to_json


@dataclass(frozen=True, slots=True)
class Request:
    """A change to carry out: whose, on which version, under which key, with which figures."""

    customer_id: CustomerId
    change: Change
    terms: Terms
    key: str
    expected_version: int
    now: datetime


def carry_out(connection: Connection, shop: str, profile: Profile, request: Request) -> Applied:
    """Do it, or answer what was done under this key before. The order's row is locked first, so that two such
    requests take turns.
    """
    if isinstance(request.change, ChangeProfileAddress):
        customer = reads.find_customer(connection, shop, request.customer_id, lock=True)
        earlier = find_earlier(connection, shop, request)
        return earlier or _change_profile(connection, shop, request, customer)
    number = number_key(request.change.number)
    order = reads.find_order(connection, shop, request.customer_id, number, lock=True)
    earlier = find_earlier(connection, shop, request)
    return earlier or _change_order(connection, shop, profile, request, order)


def find_earlier(connection: Connection, shop: str, request: Request) -> Applied | None:
    """What this very request did before; ``NotPossible("key_reused")`` when the key was used for something else."""
    c = t.applied_changes.c
    query = select(c.customer_id, c.change, c.document).where(c.shop_id == shop, c.key == request.key)
    row = connection.execute(query).first()
    if row is None:
        return None
    if row.customer_id != request.customer_id or json.loads(row.change) != change_to_json(request.change):
        raise NotPossible("key_reused", request.key)
    return APPLIED.read(row.document)


def _change_order(
    connection: Connection, shop: str, profile: Profile, request: Request, order: Order | None
) -> Applied:
    customer = reads.find_customer(connection, shop, request.customer_id)
    if order is None or customer is None:
        raise NotPossible("unknown_order")
    _require_version(order.version, request)
    booking = book(request.change, request.terms, _gather(connection, shop, profile, request, order, customer))
    move_stock(connection, shop, booking.stock)
    move_balances(connection, shop, customer, booking.balances)
    after = replace(booking.order, version=order.version + 1)
    c = t.orders.c
    connection.execute(
        update(t.orders)
        .where(c.shop_id == shop, c.number_key == number_key(order.number), c.version == order.version)
        .values(order_state(after))
    )
    return _record(
        connection,
        shop,
        request,
        Applied(request.key, customer.id, request.change.kind, request.now, after, dict(booking.references)),
    )


def _change_profile(connection: Connection, shop: str, request: Request, customer: Customer | None) -> Applied:
    if customer is None or not isinstance(request.change, ChangeProfileAddress):
        raise NotPossible("unknown_customer")
    _require_version(customer.version, request)
    after = replace(customer, address=request.change.address, version=customer.version + 1)
    c = t.customers.c
    connection.execute(
        update(t.customers)
        .where(c.shop_id == shop, c.id == customer.id, c.version == customer.version)
        .values(customer_state(after))
    )
    done = Applied(request.key, customer.id, request.change.kind, request.now, None)
    return _record(connection, shop, request, done)


def _gather(
    connection: Connection, shop: str, profile: Profile, request: Request, order: Order, customer: Customer
) -> Facts:
    """Only what this change looks at is read."""
    change = request.change
    named = {s.new_variant_id for s in change.swaps} if isinstance(change, ChangeItems | ExchangeItems) else set()
    slots: tuple[Slot, ...] = ()
    points: tuple[PickupPoint, ...] = ()
    if isinstance(change, ChangeSlot):
        plan = profile.slot_plan.get(order.address.country)
        slots = list_slots(plan, request.now) if plan else ()
    if isinstance(change, ChangePickup):
        found = reads.list_pickup_points(connection, shop, order.address.country)
        points = sort_by_nearness(found, order.address)
    return Facts(
        order=order,
        customer=customer,
        key=request.key,
        now=request.now,
        variants=reads.find_variants(connection, shop, named),
        slots=slots,
        pickup_points=points,
    )


def _record(connection: Connection, shop: str, request: Request, done: Applied) -> Applied:
    row = {
        "shop_id": shop,
        "key": request.key,
        "customer_id": request.customer_id,
        "at": to_instant(request.now),
        "change": json.dumps(change_to_json(request.change), ensure_ascii=False),
        "document": APPLIED.text(done),
    }
    try:
        connection.execute(insert(t.applied_changes), row)
    except IntegrityError as error:
        raise NotPossible("key_reused", request.key) from error
    return done


def _require_version(version: int, request: Request) -> None:
    if version != request.expected_version:
        raise StaleVersion("stale_version", f"is {version}, expected {request.expected_version}")
