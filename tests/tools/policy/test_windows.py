"""Windows end at midnight of the shop's time zone, whatever the hour of the delivery and the clocks in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.shop.changes import OpenClaim, ReturnItems
from tools.shop.models import ClaimKind, LineId, OrderNumber, PaymentMethodId, ReturnLine, ReturnReason

N = OrderNumber("10001")
ZONES = ("America/Mexico_City", "America/Santiago", "Europe/Madrid", "America/Sao_Paulo", "Pacific/Kiritimati", "UTC")
CLAIM = OpenClaim(N, ClaimKind.DAMAGED, {LineId("1"): 1}, "")


def back(line: str) -> ReturnItems:
    return ReturnItems(N, (ReturnLine(LineId(line), 1, ReturnReason.CHANGED_MIND),), PaymentMethodId("card"))


hours = st.times(max_value=time(23, 59, 59))
days = st.dates(date(2026, 3, 5), date(2028, 1, 1))


@given(
    zone=st.sampled_from(ZONES),
    day=days,
    delivered=hours,
    asked=hours,
    late=st.integers(0, 60),
    line=st.sampled_from([("1", 30), ("3", 15)]),
)
def test_a_return_is_open_through_the_last_day_and_no_second_longer(
    world: Any, zone: str, day: date, delivered: time, asked: time, late: int, line: tuple[str, int]
) -> None:
    here = ZoneInfo(zone)
    number, window = line
    delivered_at = datetime.combine(day, delivered, here)
    now = datetime.combine(day + timedelta(days=late), asked, here)
    order = world.delivered(delivered_at.astimezone(UTC), placed_at=now - timedelta(days=1))
    policy = replace(world.demo, zone=here)
    verdict = world.judge(back(number), order, policy=policy, now=now.astimezone(UTC))
    assert verdict.allowed is (late <= window)
    assert verdict.until == (day + timedelta(days=window)).isoformat()


@pytest.mark.parametrize(
    ("zone", "delivered", "asked", "allowed"),
    [
        ("America/Mexico_City", "2026-04-01T00:01", "2026-05-01T23:59", True),
        ("America/Mexico_City", "2026-04-01T23:59", "2026-05-01T23:59", True),
        ("America/Mexico_City", "2026-04-01T23:59", "2026-05-02T00:01", False),
        ("America/Santiago", "2026-03-05T23:59", "2026-04-04T23:59", True),
        ("America/Santiago", "2026-03-05T23:59", "2026-04-05T00:01", False),
        ("America/Santiago", "2026-08-07T00:01", "2026-09-06T23:59", True),
        ("America/Santiago", "2026-08-07T00:01", "2026-09-07T00:01", False),
        ("Europe/Madrid", "2026-03-10T00:01", "2026-04-09T23:59", True),
        ("Europe/Madrid", "2026-03-10T23:59", "2026-04-10T00:01", False),
        ("Europe/Madrid", "2026-10-01T23:59", "2026-10-31T23:59", True),
    ],
)
def test_one_minute_before_midnight_is_in_and_one_after_is_out(
    world: Any, zone: str, delivered: str, asked: str, allowed: bool
) -> None:
    here = ZoneInfo(zone)
    delivered_at, now = (datetime.fromisoformat(text).replace(tzinfo=here) for text in (delivered, asked))
    order = world.delivered(delivered_at, placed_at=now)
    assert world.judge(back("1"), order, policy=replace(world.demo, zone=here), now=now).allowed is allowed


def test_the_same_instant_is_another_day_in_another_zone(world: Any) -> None:
    delivered_at, now = datetime(2026, 4, 1, 3, tzinfo=UTC), datetime(2026, 5, 1, 12, tzinfo=UTC)
    order = world.delivered(delivered_at, placed_at=now)
    in_madrid = replace(world.demo, zone=ZoneInfo("Europe/Madrid"))
    assert world.judge(back("1"), order, policy=in_madrid, now=now).until == "2026-05-01"
    assert world.judge(back("1"), order, now=now).until == "2026-04-30"


@given(day=days, delivered=hours, asked=hours, late=st.integers(0, 30))
def test_a_claim_is_answered_without_a_person_through_its_last_day(
    world: Any, day: date, delivered: time, asked: time, late: int
) -> None:
    delivered_at = datetime.combine(day, delivered, world.demo.zone)
    now = datetime.combine(day + timedelta(days=late), asked, world.demo.zone)
    verdict = world.judge(CLAIM, world.delivered(delivered_at, placed_at=now), now=now)
    assert verdict.decision.value == ("allow" if late <= 14 else "needs_person")


@given(seconds=st.integers(-5, 5))
def test_a_version_begins_at_midnight_in_the_zone(world: Any, seconds: int) -> None:
    begins = datetime(2026, 3, 1, tzinfo=ZoneInfo("America/Mexico_City"))
    name = world.demo.version_at(begins + timedelta(seconds=seconds)).name
    assert name == ("2026-03-01" if seconds >= 0 else "2025-09-01")
