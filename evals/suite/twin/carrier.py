"""A carrier that brings parcels nearer as time passes, and fails some of them, all by the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tools.shop.models import Order, OrderStatus, Shipment, ShipmentStatus, TrackingEvent

ON_THE_WAY = (ShipmentStatus.PRE_TRANSIT, ShipmentStatus.IN_TRANSIT, ShipmentStatus.OUT_FOR_DELIVERY)
EXCEPTIONS = ("delayed", "attempt_failed", "address_problem")
VAN_BEFORE = timedelta(hours=6)
"""How long before its expected time a parcel is on the van."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A parcel's next state."""

    parcel: str
    status: ShipmentStatus
    at: datetime
    detail: str = ""
    message: str = ""
    city: str = ""
    eta: datetime | None = None

    def on(self, order: Order) -> Order:
        """The order with it; delivered as a whole once all its parcels are."""
        first = order.shipments[0].id if order.shipments else ""
        parcels = tuple(self._seen(one) if one.id == (self.parcel or first) else one for one in order.shipments)
        if parcels == order.shipments:
            raise LookupError(f"order {order.number} has no parcel {self.parcel or 'yet'}")
        there = bool(parcels) and all(one.status is ShipmentStatus.DELIVERED for one in parcels)
        return replace(order, shipments=parcels, status=OrderStatus.DELIVERED if there else order.status)

    def _seen(self, parcel: Shipment) -> Shipment:
        event = TrackingEvent(self.at, self.status, self.detail, self.message, self.city)
        return replace(
            parcel,
            status=self.status,
            eta=self.eta or parcel.eta,
            delivered_at=self.at if self.status is ShipmentStatus.DELIVERED else parcel.delivered_at,
            attempts=parcel.attempts + (self.detail == "attempt_failed"),
            events=(*parcel.events, event),
        )


def scans_between(order: Order, since: datetime, until: datetime, seed: int, exceptions: float) -> Iterator[Scan]:
    """What the carrier does with this order's parcels in that time, soonest first for each parcel.

    A parcel is on the van six hours before it is expected and there at the expected time; the share ``exceptions`` of
    them runs into something instead and comes a day later.
    """
    for parcel in order.shipments:
        if parcel.status not in ON_THE_WAY or parcel.eta is None:
            continue
        chance = random.Random(f"{seed}:{parcel.id}")
        if chance.random() < exceptions:
            if since < parcel.eta <= until:
                late = parcel.eta + timedelta(days=1)
                yield Scan(parcel.id, ShipmentStatus.EXCEPTION, parcel.eta, chance.choice(EXCEPTIONS), eta=late)
            continue
        van = parcel.eta - VAN_BEFORE
        if since < van <= until and parcel.status is not ShipmentStatus.OUT_FOR_DELIVERY:
            yield Scan(parcel.id, ShipmentStatus.OUT_FOR_DELIVERY, van)
        if since < parcel.eta <= until:
            yield Scan(parcel.id, ShipmentStatus.DELIVERED, parcel.eta)
