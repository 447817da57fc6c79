"""Previews of the changes that concern goods and money: cancelling, swapping, returning, claiming."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from tools.grounds import Grounds
from tools.rendering import render_method_of, render_moment, render_money, render_units
from tools.shop.changes import (
    CancelExchange,
    CancelOrder,
    CancelReturn,
    Change,
    ChangeItems,
    ExchangeItems,
    OpenClaim,
    ReturnItems,
    Terms,
)
from tools.shop.models import LineId, Order, OrderLine, OrderStatus, ReturnStatus, Swap

Preview = tuple[dict[str, Any], dict[str, Any]]


def preview_items(change: Change, grounds: Grounds, terms: Terms, zone: ZoneInfo) -> Preview:
    """``(before, after)`` of an allowed change to goods. ValueError for a change that is not one, or has no order."""
    order = grounds.order
    if order is None:
        raise ValueError(f"{change.kind} needs an order")
    match change:
        case CancelOrder():
            return _cancel(change, grounds, order, terms)
        case ChangeItems() | ExchangeItems():
            return _swaps(change, grounds, order, terms, zone)
        case ReturnItems():
            return _return(change, grounds, order, terms, zone)
        case OpenClaim():
            claim = {
                "problem": change.problem.value,
                "lines": render_units(order, change.lines),
                "wish": change.wish,
                "description": change.description,
            }
            return {}, {"claim": claim}
        case CancelReturn() | CancelExchange():
            return _withdrawal(change, order)
    raise ValueError(f"no preview for {change.kind}")


def _cancel(change: CancelOrder, grounds: Grounds, order: Order, terms: Terms) -> Preview:
    money = {"refund": render_money(terms.refund), "refund_method": render_method_of(grounds.customer, order.paid_with)}
    left = {line.id: line.quantity - line.cancelled for line in order.lines}
    if change.lines is None:
        before = {"status": order.status.value, "lines": render_units(order, left)}
        return before, {"status": OrderStatus.CANCELLED.value, "reason": change.reason, **money}
    kept = {key: left.get(key, 0) - count for key, count in change.lines.items()}
    return (
        {"lines": render_units(order, {key: left.get(key, 0) for key in change.lines})},
        {"lines": render_units(order, kept), "reason": change.reason, **money},
    )


def _swaps(
    change: ChangeItems | ExchangeItems, grounds: Grounds, order: Order, terms: Terms, zone: ZoneInfo
) -> Preview:
    pairs = [(swap, line) for swap in change.swaps if (line := order.line(swap.line_id))]
    method = {"payment_method": render_method_of(grounds.customer, change.method_id)} if cost_moves(terms) else {}
    posted = {"ship_by": render_moment(terms.ship_by, zone)} if isinstance(change, ExchangeItems) else {}
    return (
        {"lines": [_old(swap, line) for swap, line in pairs]},
        {"lines": [_new(swap, line, grounds) for swap, line in pairs], **method, **posted},
    )


def _return(change: ReturnItems, grounds: Grounds, order: Order, terms: Terms, zone: ZoneInfo) -> Preview:
    units: dict[LineId, int] = {}
    for part in change.lines:
        units[part.line_id] = units.get(part.line_id, 0) + part.quantity
    reasons = {part.line_id: part.reason.value for part in change.lines}
    returned = [{**view, "reason": reasons[LineId(view["line_id"])]} for view in render_units(order, units)]
    after = {
        "returned": returned,
        "refund": render_money(terms.refund),
        "fee": render_money(terms.fee),
        "refund_method": render_method_of(grounds.customer, change.refund_method_id),
        "ship_by": render_moment(terms.ship_by, zone),
    }
    bought = {line.id: line.quantity for line in order.lines if line.id in units}
    return {"bought": render_units(order, bought)}, after


def _withdrawal(change: CancelReturn | CancelExchange, order: Order) -> Preview:
    found = [rma for rma in order.rmas if rma.rma == change.rma]
    name = "return" if isinstance(change, CancelReturn) else "exchange"
    status = found[0].status.value if found else None
    return (
        {name: {"rma": change.rma, "status": status}},
        {name: {"rma": change.rma, "status": ReturnStatus.CANCELLED.value}},
    )


def cost_moves(terms: Terms) -> bool:
    """Whether any money changes hands."""
    return bool(terms.charge) or bool(terms.refund)


def _old(swap: Swap, line: OrderLine) -> dict[str, Any]:
    return {
        "line_id": line.id,
        "title": line.title,
        "options": dict(line.options),
        "quantity": swap.quantity,
        "price": line.unit_price.as_json(),
    }


def _new(swap: Swap, line: OrderLine, grounds: Grounds) -> dict[str, Any]:
    product = grounds.products.get(line.product_id)
    variant = product.variant(swap.new_variant_id) if product else None
    return {
        "line_id": line.id,
        "title": line.title,
        "options": dict(variant.options) if variant else {},
        "quantity": swap.quantity,
        "price": variant.price.as_json() if variant else None,
        "variant_id": swap.new_variant_id,
    }
