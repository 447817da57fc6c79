"""The tool that answers "where is my order"."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.effects import Effect, effect
from tools.gate import require_order, require_profile
from tools.grounds import Grounds, read_products
from tools.openings import open_kinds
from tools.places import place_name
from tools.policy.touched import units_kept
from tools.rendering import moment_text, render_moment, render_pickup_point, render_units
from tools.scope import Scope
from tools.shop.models import Order, Shipment
from tools.situations import Clock, days_late, days_without_scan, expected_at, most_pressing, situation_of
from tools.views import EventView, ParcelView, TrackView, UnitsView, as_text


@effect(Effect.READ)
@tool(parse_docstring=True)
async def track_order(number: str, runtime: ToolRuntime[Scope]) -> str:
    """Say where an order is, parcel by parcel: situation, carrier, expected and promised day, last scan, pickup point.

    next_steps are the changes open to this order now.

    Args:
        number: order number

    """
    scope = runtime.context
    order = await require_order(scope, number)
    customer = await require_profile(scope, 1)
    products = await read_products(order, [line.id for line in order.lines], scope.shop)
    clock = Clock.of(scope.policy, scope.now)
    view = TrackView(
        number=order.number,
        status=order.status.value,
        situation=most_pressing([situation_of(parcel, clock) for parcel in order.shipments]).value,
        parcels=[render_parcel(parcel, order, clock) for parcel in order.shipments],
        not_in_a_parcel=left_over(order),
        next_steps=open_kinds(Grounds(customer, order, products), scope),
    )
    return as_text(view)


def render_parcel(parcel: Shipment, order: Order, clock: Clock) -> ParcelView:
    """One parcel; days are counted on the shop's calendar."""
    zone = clock.zone
    return ParcelView(
        situation=situation_of(parcel, clock).value,
        status=parcel.status.value,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=parcel.tracking_url,
        contents=render_units(order, parcel.contents),
        eta=render_moment(expected_at(parcel, order.delivery, clock), zone),
        promised_by=render_moment(parcel.promised_by, zone),
        delivered_at=render_moment(parcel.delivered_at, zone),
        days_late=days_late(parcel, clock),
        days_without_scan=days_without_scan(parcel, clock),
        attempts=parcel.attempts,
        last_event=_last_event(parcel, clock),
        pickup_point=render_pickup_point(parcel.pickup_point),
        pickup_until=render_moment(parcel.pickup_until, zone),
    )


def _last_event(parcel: Shipment, clock: Clock) -> EventView | None:
    last = max(parcel.events, key=lambda event: event.at, default=None)
    if last is None:
        return None
    at, city = moment_text(last.at, clock.zone), place_name(last.city)
    return EventView(at=at, status=last.status.value, detail=last.detail, city=city)


def left_over(order: Order) -> list[UnitsView]:
    """Units that are in no parcel yet."""
    packed = {line.id: sum(parcel.contents.get(line.id, 0) for parcel in order.shipments) for line in order.lines}
    left = {line.id: units_kept(line) - packed[line.id] for line in order.lines}
    return render_units(order, {key: count for key, count in left.items() if count > 0})
