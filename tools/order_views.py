"""An order, its returns, exchanges and claims as views."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tools.policy.touched import units_left
from tools.rendering import (
    render_address,
    render_delivery,
    render_line,
    render_method_of,
    render_moment,
    render_units,
)
from tools.shop.models import Address, Claim, Customer, Exchange, LineId, Order, Return, ReturnLine, ReturnStatus
from tools.situations import Clock, most_pressing, situation_of
from tools.views import ClaimView, ExchangeView, OrderSummaryView, OrderView, ReturnView, SwappedView, UnitsView


def render_summary(order: Order, clock: Clock) -> OrderSummaryView:
    """An order in one line."""
    return OrderSummaryView(
        number=order.number,
        status=order.status.value,
        situation=most_pressing([situation_of(parcel, clock) for parcel in order.shipments]).value,
        money_back=bool(order.refunds or order.returns),
        to_send_back=any(back.status is ReturnStatus.REQUESTED for back in order.rmas),
        placed_at=render_moment(order.placed_at, clock.zone),
        total=order.total.as_json(),
        items=[line.title for line in order.lines],
    )


def render_order(order: Order, customer: Customer, zone: ZoneInfo, *, full_address: bool) -> OrderView:
    """An order for its owner; without ``full_address`` only the city it goes to is told."""
    return OrderView(
        number=order.number,
        status=order.status.value,
        placed_at=render_moment(order.placed_at, zone),
        lines=[render_line(line, units_left(order, line)) for line in order.lines],
        total=order.total.as_json(),
        shipping_cost=order.shipping_cost.as_json(),
        discount=order.discount.as_json(),
        address=render_address(order.address) if full_address else _place(order.address),
        delivery=render_delivery(order.delivery, zone),
        paid_with=render_method_of(customer, order.paid_with),
        parcels=len(order.shipments),
        returns=[render_return(rma, order, customer, zone) for rma in order.returns],
        exchanges=[render_exchange(rma, order, zone) for rma in order.exchanges],
        claims=[render_claim(claim, order, zone) for claim in order.claims],
        cancel_reason=order.cancel_reason,
    )


def render_return(rma: Return, order: Order, customer: Customer, zone: ZoneInfo) -> ReturnView:
    """An RMA with where its money goes."""
    return ReturnView(
        rma=rma.rma,
        status=rma.status.value,
        units=[_unit_back(part, order) for part in rma.lines],
        refund=rma.refund.as_json(),
        fee=rma.fee.as_json(),
        method=render_method_of(customer, rma.refund_method_id),
        requested_at=render_moment(rma.requested_at, zone),
        ship_by=render_moment(rma.ship_by, zone),
        received_at=render_moment(rma.received_at, zone),
        label_url=rma.label.url if rma.label else None,
    )


def render_exchange(rma: Exchange, order: Order, zone: ZoneInfo) -> ExchangeView:
    """An exchange under way."""
    return ExchangeView(
        rma=rma.rma,
        status=rma.status.value,
        units=[
            SwappedView(
                line_id=swap.line_id,
                title=_title(order, swap.line_id),
                quantity=swap.quantity,
                new_variant_id=swap.new_variant_id,
            )
            for swap in rma.swaps
        ],
        difference=rma.difference.as_json(),
        ship_by=render_moment(rma.ship_by, zone),
        label_url=rma.label.url if rma.label else None,
    )


def render_claim(claim: Claim, order: Order, zone: ZoneInfo) -> ClaimView:
    """A claim; the shopper's own description stays with the shop."""
    return ClaimView(
        claim_id=claim.id,
        problem=claim.kind.value,
        status=claim.status.value,
        units=render_units(order, claim.lines),
        wish=claim.wish,
        opened_at=render_moment(claim.opened_at, zone),
        resolution=claim.resolution,
    )


def _unit_back(part: ReturnLine, order: Order) -> UnitsView:
    title = _title(order, part.line_id)
    return UnitsView(line_id=part.line_id, title=title, quantity=part.quantity, reason=part.reason.value)


def _title(order: Order, line_id: LineId) -> str:
    line = order.line(line_id)
    return line.title if line else line_id


def _place(address: Address) -> dict[str, str]:
    return {"city": address.city, "region": address.region, "country": address.country}
