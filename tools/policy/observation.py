"""From a change and what it is about to the facts that rules ask for: one pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tools.policy import parcels
from tools.policy.asked import claims_again, observe_request
from tools.policy.calendar_days import Moment
from tools.policy.facts import Facts, Seen
from tools.policy.payment import observe_method
from tools.policy.touched import (
    Touched,
    is_live,
    names_nothing,
    touched_by,
    units_by_line,
    units_by_variant,
    units_kept,
    units_left,
)
from tools.shop.changes import Change, OpenClaim
from tools.shop.models import Customer, LineId, Order, OrderLine, Product, ProductId, VariantId


@dataclass(frozen=True, slots=True)
class Case:
    """All that is looked at to judge one change. ``order`` is none when there is none, or it is somebody else's."""

    change: Change
    order: Order | None
    customer: Customer
    products: Mapping[ProductId, Product]
    moment: Moment
    faults: frozenset[str] = frozenset()


def observe(case: Case, *, offered: bool, identity: int, country_known: bool) -> tuple[Facts, ...]:
    """All that can be seen: one record for each touched line, or one when none is touched."""
    order = case.order
    seen: Seen = {"offered": offered, "identity": identity, "owned": order is not None, "country_known": country_known}
    seen.update(observe_request(case.change, order, case.customer, case.moment))
    if order is None:
        return (Facts(**seen),)
    seen.update(observe_method(case.change, order, case.customer, case.products))
    seen.update(_order(order, case.moment))
    touched = touched_by(case.change)
    if not touched:
        fault = seen.get("reason") in case.faults
        seen.update(_parcels(order, None, case.moment), quantity_ok=not names_nothing(case.change), shop_fault=fault)
        return (Facts(**seen),)
    return tuple(Facts(**{**seen, **_line(case, order, item, touched)}) for item in touched)


def _order(order: Order, moment: Moment) -> Seen:
    slot = order.delivery.slot
    return {
        "country": order.country,
        "order_status": order.status,
        "items_changed": order.items_changed,
        "gift": bool(order.gift_note),
        "payments": len(order.payments),
        "live_returns": sum(map(is_live, order.returns)) + sum(map(is_live, order.exchanges)),
        "slot_chosen": slot is not None,
        "hours_to_slot": moment.hours_until(slot.starts_at) if slot else None,
    }


def _parcels(order: Order, line_id: LineId | None, moment: Moment) -> Seen:
    relevant = parcels.parcels_of(order, line_id)
    arrived = parcels.is_delivered(order, line_id, relevant)
    at = parcels.delivered_at(relevant) if arrived else None
    return {
        "parcel": parcels.state_of(order, relevant),
        "days_overdue": parcels.days_overdue(relevant, moment),
        "days_silent": parcels.days_silent(relevant, moment),
        "delivered": arrived,
        "delivered_on": moment.day(at) if at else None,
        "days_since_delivery": moment.days_since(at) if at else 0,
        "delivery_dated": at is not None or not arrived,
    }


def _line(case: Case, order: Order, item: Touched, touched: tuple[Touched, ...]) -> Seen:
    line = order.line(item.line_id)
    if line is None:
        return {"line_id": item.line_id, "line_known": False}
    left = units_left(order, line)
    limit = units_kept(line) if isinstance(case.change, OpenClaim) else left
    seen = _parcels(order, line.id, case.moment)
    seen.update(
        line_id=line.id,
        category=line.category,
        final_sale=line.final_sale,
        hygiene=line.hygiene,
        quantity_ok=item.units >= 1 and units_by_line(touched)[line.id] <= limit,
        cancelled_already=units_kept(line) <= 0,
        returned_already=left <= 0 < units_kept(line),
        claimed_already=claims_again(case.change, order, line.id),
        reason=item.reason,
        shop_fault=item.reason in case.faults,
    )
    if item.new_variant_id is not None:
        seen.update(_new_variant(case, line, item.new_variant_id, touched))
    return seen


def _new_variant(case: Case, line: OrderLine, new: VariantId, touched: tuple[Touched, ...]) -> Seen:
    product = case.products.get(line.product_id)
    variant = product.variant(new) if product else None
    return {
        "same_product": variant is not None,
        "same_variant": new == line.variant_id,
        "available": variant is not None and variant.available,
        "stock_ok": variant is not None and units_by_variant(touched)[new] <= variant.stock,
    }
