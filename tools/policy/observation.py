"""From a change and what it is about to the facts that rules ask for: one pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tools.policy import parcels
from tools.policy.asked import claims_again, observe_request
from tools.policy.calendar_days import Moment
from tools.policy.facts import Facts
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
from tools.shop.models import Customer, LineId, Order, Product, ProductId


@dataclass(frozen=True, slots=True)
class Case:
    """All that is looked at to judge one change. ``order`` is none when there is none, or it is somebody else's."""

    change: Change
    order: Order | None
    customer: Customer
    products: Mapping[ProductId, Product]
    moment: Moment
    faults: frozenset[str] = frozenset()


def observe(case: Case, base: Facts) -> tuple[Facts, ...]:
    """``base`` with everything filled in that can be seen: one record a touched line, one when none is touched."""
    facts = observe_request(case.change, case.order, case.customer, case.moment, base)
    if case.order is None:
        return (facts,)
    facts = observe_method(case.change, case.order, case.customer, case.products, facts)
    facts = _of_order(case.order, case.moment, facts)
    facts = replace(facts, shop_fault=facts.reason in case.faults)
    touched = touched_by(case.change)
    if not touched:
        facts = _of_parcels(case.order, None, case.moment, facts)
        return (replace(facts, quantity_ok=not names_nothing(case.change)),)
    return tuple(_of_line(case, item, touched, facts) for item in touched)


def _of_order(order: Order, moment: Moment, facts: Facts) -> Facts:
    slot = order.delivery.slot
    return replace(
        facts,
        country=order.country,
        order_status=order.status,
        items_changed=order.items_changed,
        gift=bool(order.gift_note),
        payments=len(order.payments),
        live_returns=sum(map(is_live, order.returns)) + sum(map(is_live, order.exchanges)),
        slot_chosen=slot is not None,
        hours_to_slot=moment.hours_until(slot.starts_at) if slot else None,
    )


def _of_parcels(order: Order, line_id: LineId | None, moment: Moment, facts: Facts) -> Facts:
    relevant = parcels.parcels_of(order, line_id)
    arrived = parcels.is_delivered(order, line_id, relevant)
    at = parcels.delivered_at(relevant) if arrived else None
    return replace(
        facts,
        parcel=parcels.state_of(order, relevant),
        days_overdue=parcels.days_overdue(relevant, moment),
        days_silent=parcels.days_silent(relevant, moment),
        delivered=arrived,
        delivered_on=moment.day(at) if at else None,
        days_since_delivery=moment.days_since(at) if at else 0,
        delivery_dated=at is not None or not arrived,
    )


def _of_line(case: Case, item: Touched, touched: tuple[Touched, ...], facts: Facts) -> Facts:
    order = case.order
    line = order.line(item.line_id) if order else None
    if order is None or line is None:
        return replace(facts, line_id=item.line_id, line_known=False)
    left = units_left(order, line)
    limit = units_kept(line) if isinstance(case.change, OpenClaim) else left
    facts = replace(
        _of_parcels(order, line.id, case.moment, facts),
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
    if item.new_variant_id is None:
        return facts
    product = case.products.get(line.product_id)
    variant = product.variant(item.new_variant_id) if product else None
    return replace(
        facts,
        same_product=variant is not None,
        same_variant=item.new_variant_id == line.variant_id,
        available=variant is not None and variant.available,
        stock_ok=variant is not None and units_by_variant(touched)[variant.id] <= variant.stock,
    )
