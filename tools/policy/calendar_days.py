"""Counting days as a shopper does: by the calendar of the shop's time zone, not by hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware instant seen from the shop's time zone."""

    now: datetime
    zone: ZoneInfo

    def day(self, at: datetime) -> date:
        """The calendar day on which something happened there."""
        return at.astimezone(self.zone).date()

    @property
    def today(self) -> date:
        """The calendar day it is there."""
        return self.day(self.now)

    def days_since(self, at: datetime) -> int:
        """Whole calendar days from that day to today; 0 on the same day, negative for the future."""
        return (self.today - self.day(at)).days

    def hours_until(self, at: datetime) -> float:
        """Exact hours from now, negative when past."""
        return (at - self.now).total_seconds() / 3600

    def end_of_day(self, days: int) -> datetime:
        """The last second of the day so many days from today."""
        return datetime.combine(self.today + timedelta(days=days), time(23, 59, 59), self.zone)
