"""From the shop's values to the small views that leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.shop.models import (
    Address,
    Customer,
    DeliveryChoice,
    LineId,
    Order,
    OrderLine,
    PaymentMethod,
    PickupPoint,
    Product,
    Slot,
)
from tools.shop.money import Money
from tools.views import (
    AddressView,
    DeliveryView,
    LineView,
    MethodView,
    MoneyView,
    PickupPointView,
    SlotView,
    UnitsView,
)


def render_money(money: Money | None) -> MoneyView | None:
    """The wire form of an amount, none for none."""
    return None if money is None else money.as_json()


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """That instant to the second, on the clock of the place where the order system says it happens.

    A time that comes in UTC has no place and is put on the shop's clock.
    """
    placed = moment if moment.utcoffset() else moment.astimezone(zone)
    return placed.isoformat(timespec="seconds")


def render_moment(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """The text of an instant, none for none."""
    return None if moment is None else moment_text(moment, zone)


def render_address(address: Address) -> AddressView:
    """An address without its phone."""
    return AddressView(
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
        recipient=address.recipient,
    )


def render_method(method: PaymentMethod | None) -> MethodView | None:
    """A payment method as its owner recognises it; none for none."""
    if method is None:
        return None
    return MethodView(
        id=method.id, kind=method.kind, brand=method.brand, last4=method.last4, balance=render_money(method.balance)
    )


def render_method_of(customer: Customer, method_id: str | None) -> MethodView | None:
    """The customer's method with that id; none when it is no longer on file."""
    return render_method(customer.method(method_id) if method_id else None)


def render_slot(slot: Slot | None, zone: ZoneInfo) -> SlotView | None:
    """A delivery window on the clock of the door it comes to; none for none."""
    if slot is None:
        return None
    return SlotView(
        slot_id=slot.id,
        starts_at=moment_text(slot.starts_at, zone),
        ends_at=moment_text(slot.ends_at, zone),
        fee=slot.fee.as_json(),
    )


def render_pickup_point(point: PickupPoint | None) -> PickupPointView | None:
    """A pickup point; none for none."""
    if point is None:
        return None
    return PickupPointView(
        pickup_point_id=point.id,
        name=point.name,
        address=render_address(point.address),
        hours=point.hours,
        keeps_days=point.keeps_days,
    )


def render_delivery(choice: DeliveryChoice, zone: ZoneInfo) -> DeliveryView:
    """How it is to be brought."""
    return DeliveryView(
        service=choice.service,
        slot=render_slot(choice.slot, zone),
        pickup_point=render_pickup_point(choice.pickup_point),
        hold_until=choice.hold_until.isoformat() if choice.hold_until else None,
        instructions=choice.instructions,
    )


def render_line(line: OrderLine, open_units: int) -> LineView:
    """A line item as sold, with the units still in the customer's hands or on their way."""
    return LineView(
        line_id=line.id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        title=line.title,
        options=dict(line.options),
        quantity=line.quantity,
        open=open_units,
        unit_price=line.unit_price.as_json(),
        final_sale=line.final_sale,
    )


def render_units(order: Order, units: Mapping[LineId, int]) -> list[UnitsView]:
    """Units by title; a line the order does not have keeps its id as title."""
    lines = {line.id: line.title for line in order.lines}
    return [UnitsView(line_id=key, title=lines.get(key, key), quantity=count) for key, count in units.items()]


def title_in(product: Product, language: str) -> str:
    """The product's title in that language where the shop has one."""
    return product.titles.get(language, product.title)


def plain(value: Any) -> Any:
    """A verdict's figure as JSON can hold it: money as a view, anything with an ISO form as text, the rest as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Money):
        return value.as_json()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
