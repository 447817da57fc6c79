"""What the parcels of an order say, for the whole order or for one of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tools.policy.calendar_days import Moment
from tools.shop.models import LineId, Order, OrderStatus, Shipment, ShipmentStatus

ARRIVED_OR_GONE = frozenset({ShipmentStatus.DELIVERED, ShipmentStatus.CANCELLED})
MOST_IN_THE_WAY = (
    ShipmentStatus.OUT_FOR_DELIVERY,
    ShipmentStatus.AVAILABLE_FOR_PICKUP,
    ShipmentStatus.IN_TRANSIT,
    ShipmentStatus.EXCEPTION,
    ShipmentStatus.PRE_TRANSIT,
    ShipmentStatus.LOST,
    ShipmentStatus.RETURN_TO_SENDER,
    ShipmentStatus.DELIVERED,
    ShipmentStatus.CANCELLED,
)
WITHOUT_PARCEL = {
    OrderStatus.SHIPPED: ShipmentStatus.IN_TRANSIT,
    OrderStatus.DELIVERED: ShipmentStatus.DELIVERED,
    OrderStatus.CANCELLED: ShipmentStatus.CANCELLED,
}


def parcels_of(order: Order, line_id: LineId | None) -> Sequence[Shipment]:
    """The parcels with units of that line; all of them when there is no line or none of them names it."""
    with_line = [parcel for parcel in order.shipments if line_id in parcel.contents]
    return with_line or order.shipments


def state_of(order: Order, parcels: Sequence[Shipment]) -> ShipmentStatus:
    """The state that stands most in the way of a change; read off the order when it has no parcels."""
    if not parcels:
        return WITHOUT_PARCEL.get(order.status, ShipmentStatus.PRE_TRANSIT)
    return min((parcel.status for parcel in parcels), key=MOST_IN_THE_WAY.index)


def delivered_at(parcels: Sequence[Shipment]) -> datetime | None:
    """When the last of them to arrive arrived."""
    return max((parcel.delivered_at for parcel in parcels if parcel.delivered_at), default=None)


def is_delivered(order: Order, line_id: LineId | None, parcels: Sequence[Shipment]) -> bool:
    """Whether the order has arrived, or at least a parcel that carries this line."""
    if order.status is OrderStatus.DELIVERED:
        return True
    return line_id is not None and any(
        parcel.status is ShipmentStatus.DELIVERED and line_id in parcel.contents for parcel in parcels
    )


def days_overdue(parcels: Sequence[Shipment], moment: Moment) -> int | None:
    """Calendar days past the expected day of the latest parcel that is still open; none without an expected day."""
    expected = [parcel.eta or parcel.promised_by for parcel in parcels if parcel.status not in ARRIVED_OR_GONE]
    return max((moment.days_since(at) for at in expected if at), default=None)


def days_silent(parcels: Sequence[Shipment], moment: Moment) -> int | None:
    """Calendar days since the last scan of the quietest parcel that is still open, or since it was shipped."""
    heard = [_last_heard(parcel) for parcel in parcels if parcel.status not in ARRIVED_OR_GONE]
    return max((moment.days_since(at) for at in heard if at), default=None)


def _last_heard(parcel: Shipment) -> datetime | None:
    return max((event.at for event in parcel.events), default=parcel.shipped_at)
