"""The delivery windows of a slot plan, as a carrier would offer them at some moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tools.shop.data import SlotPlan
from tools.shop.models import Slot

SUNDAY = 6


def list_slots(plan: SlotPlan, now: datetime) -> tuple[Slot, ...]:
    """Soonest first. A slot's id is its local day and hour, ``2026-11-24T14``, the same at any moment it is offered."""
    zone = ZoneInfo(plan.zone)
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(plan.first_day, plan.last_day + 1))
    return tuple(
        Slot(
            id=f"{day.isoformat()}T{start:%H}",
            starts_at=datetime.combine(day, start, zone),
            ends_at=datetime.combine(day, end, zone),
            fee=plan.fee,
        )
        for day in days
        if day.weekday() != SUNDAY
        for start, end in plan.windows
    )
