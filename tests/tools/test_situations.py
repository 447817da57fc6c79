from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tools.shop.models import Shipment, ShipmentStatus, TrackingEvent
from tools.situations import Clock, Situation, days_late, days_without_scan, most_pressing, situation_of

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CLOCK = Clock(NOW, ZoneInfo("America/Mexico_City"), stuck_after=7)
S = ShipmentStatus


@dataclass(frozen=True)
class Case:
    said: ShipmentStatus
    situation: Situation
    detail: str = ""
    scanned: int = 0
    promised: int = 2
    expected: int | None = None


CASES = [
    Case(S.PRE_TRANSIT, Situation.NOT_SHIPPED),
    Case(S.PRE_TRANSIT, Situation.LATE, promised=-1),
    Case(S.IN_TRANSIT, Situation.ON_TIME),
    Case(S.IN_TRANSIT, Situation.ON_TIME, promised=0),
    Case(S.IN_TRANSIT, Situation.LATE, promised=-1),
    Case(S.IN_TRANSIT, Situation.LATE, promised=1, expected=3),
    Case(S.IN_TRANSIT, Situation.ON_TIME, scanned=6),
    Case(S.IN_TRANSIT, Situation.STUCK, scanned=7),
    Case(S.IN_TRANSIT, Situation.STUCK, scanned=9, promised=-4),
    Case(S.EXCEPTION, Situation.DELIVERY_FAILED, detail="attempt_failed"),
    Case(S.EXCEPTION, Situation.DELIVERY_FAILED, detail="address_problem"),
    Case(S.EXCEPTION, Situation.LATE, detail="delayed", promised=-2),
    Case(S.RETURN_TO_SENDER, Situation.DELIVERY_FAILED),
    Case(S.OUT_FOR_DELIVERY, Situation.OUT_FOR_DELIVERY, promised=-1),
    Case(S.AVAILABLE_FOR_PICKUP, Situation.AT_PICKUP_POINT, promised=-5),
    Case(S.DELIVERED, Situation.DELIVERED, scanned=20),
    Case(S.LOST, Situation.LOST),
    Case(S.CANCELLED, Situation.NOT_SHIPPED),
]


def parcel(case: Case) -> Shipment:
    event = TrackingEvent(NOW - timedelta(days=case.scanned), case.said, case.detail)
    return Shipment(
        id="1",
        contents={},
        carrier="x",
        tracking_number="1",
        status=case.said,
        promised_by=NOW + timedelta(days=case.promised),
        eta=None if case.expected is None else NOW + timedelta(days=case.expected),
        events=(event,),
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_situation_is_what_the_shopper_needs_to_hear(case: Case) -> None:
    assert situation_of(parcel(case), CLOCK) is case.situation


def test_lateness_is_counted_in_the_shops_days_and_ends_with_the_delivery() -> None:
    promised = datetime(2026, 11, 17, 5, 0, tzinfo=UTC)  # the evening of the 16th in Mexico City
    base = {"id": "1", "contents": {}, "carrier": "", "tracking_number": "", "promised_by": promised}
    assert days_late(Shipment(**base, status=S.IN_TRANSIT), CLOCK) == 4
    arrived = Shipment(**base, status=S.DELIVERED, delivered_at=datetime(2026, 11, 17, 18, 0, tzinfo=UTC))
    assert days_late(arrived, CLOCK) == 1
    assert days_without_scan(arrived, CLOCK) == 0


def test_the_parcel_in_most_trouble_speaks_for_the_order() -> None:
    assert most_pressing([Situation.DELIVERED, Situation.ON_TIME, Situation.STUCK]) is Situation.STUCK
    assert most_pressing([Situation.DELIVERED, Situation.ON_TIME]) is Situation.ON_TIME
    assert most_pressing([]) is Situation.NOT_SHIPPED
