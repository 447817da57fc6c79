"""A parcel's situation in one word, as a shopper would put it, and the days behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from tools.policy.port import Policy
from tools.shop.models import DeliveryChoice, Shipment, ShipmentStatus

STUCK_AFTER_DAYS = 7


class Situation(StrEnum):
    """From the shopper's side of the door."""

    ON_TIME = "on_time"
    LATE = "late"
    STUCK = "stuck"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERED = "delivered"
    DELIVERY_FAILED = "delivery_failed"
    LOST = "lost"
    NOT_SHIPPED = "not_shipped"


ATTENTION = (
    Situation.LOST,
    Situation.DELIVERY_FAILED,
    Situation.STUCK,
    Situation.LATE,
    Situation.AT_PICKUP_POINT,
    Situation.OUT_FOR_DELIVERY,
    Situation.ON_TIME,
    Situation.NOT_SHIPPED,
    Situation.DELIVERED,
)

SAID_BY_CARRIER = {
    ShipmentStatus.OUT_FOR_DELIVERY: Situation.OUT_FOR_DELIVERY,
    ShipmentStatus.AVAILABLE_FOR_PICKUP: Situation.AT_PICKUP_POINT,
    ShipmentStatus.DELIVERED: Situation.DELIVERED,
    ShipmentStatus.LOST: Situation.LOST,
    ShipmentStatus.RETURN_TO_SENDER: Situation.DELIVERY_FAILED,
    ShipmentStatus.CANCELLED: Situation.NOT_SHIPPED,
}
STILL_PLANNED = frozenset({ShipmentStatus.PRE_TRANSIT, ShipmentStatus.IN_TRANSIT, ShipmentStatus.EXCEPTION})
"""Until it is on the van, the shopper's own choice says when a parcel comes."""

FAILED_ATTEMPT = frozenset({"attempt_failed", "address_problem"})


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, and how the shop counts days: in its own zone. ``stuck_after`` is in days without a scan."""

    now: datetime
    zone: ZoneInfo
    stuck_after: int

    @classmethod
    def of(cls, policy: Policy, now: datetime) -> Clock:
        """The shop's clock; its ``stuck_after_days`` where the policy has such a figure."""
        try:
            days = int(str(policy.figure("stuck_after_days", at=now)))
        except KeyError:
            days = STUCK_AFTER_DAYS
        return cls(now, policy.zone, days)

    def days_since(self, moment: datetime) -> int:
        """Calendar days from that moment's day to today; negative for a day to come."""
        return (self.now.astimezone(self.zone).date() - moment.astimezone(self.zone).date()).days


def situation_of(parcel: Shipment, clock: Clock) -> Situation:
    """What the shopper should be told first about this parcel."""
    if parcel.status in SAID_BY_CARRIER:
        return SAID_BY_CARRIER[parcel.status]
    if parcel.status is ShipmentStatus.EXCEPTION and _last_detail(parcel) in FAILED_ATTEMPT:
        return Situation.DELIVERY_FAILED
    if parcel.status is not ShipmentStatus.PRE_TRANSIT and days_without_scan(parcel, clock) >= clock.stuck_after:
        return Situation.STUCK
    if days_late(parcel, clock) > 0 or _is_expected_late(parcel, clock):
        return Situation.LATE
    return Situation.NOT_SHIPPED if parcel.status is ShipmentStatus.PRE_TRANSIT else Situation.ON_TIME


def days_late(parcel: Shipment, clock: Clock) -> int:
    """Calendar days past the promised day, until today or until it arrived; 0 when there was no promise."""
    if parcel.promised_by is None:
        return 0
    late = clock.days_since(parcel.promised_by)
    if parcel.delivered_at is not None:
        late -= clock.days_since(parcel.delivered_at)
    return max(0, late)


def days_without_scan(parcel: Shipment, clock: Clock) -> int:
    """Calendar days since the carrier last said anything; 0 once delivered or when nothing was ever scanned."""
    last = max((event.at for event in parcel.events), default=parcel.shipped_at)
    if last is None or parcel.status is ShipmentStatus.DELIVERED:
        return 0
    return max(0, clock.days_since(last))


def expected_at(parcel: Shipment, chosen: DeliveryChoice, clock: Clock) -> datetime | None:
    """When it should come: the window chosen for it, not before the day it is held until, else as the carrier says."""
    if parcel.status not in STILL_PLANNED:
        return parcel.eta
    if chosen.slot is not None and chosen.slot.ends_at > clock.now:
        return chosen.slot.starts_at
    if chosen.hold_until is None or parcel.eta is None:
        return parcel.eta
    local = parcel.eta.astimezone(clock.zone)
    return datetime.combine(max(local.date(), chosen.hold_until), local.timetz())


def most_pressing(situations: list[Situation]) -> Situation:
    """The one to speak of first for the whole order; ``not_shipped`` when there is no parcel."""
    return min(situations, key=ATTENTION.index, default=Situation.NOT_SHIPPED)


def _is_expected_late(parcel: Shipment, clock: Clock) -> bool:
    if parcel.eta is None or parcel.promised_by is None:
        return False
    return clock.days_since(parcel.eta) < clock.days_since(parcel.promised_by)


def _last_detail(parcel: Shipment) -> str:
    last = max(parcel.events, key=lambda event: event.at, default=None)
    return last.detail if last else ""
