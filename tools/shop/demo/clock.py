"""Moments written relative to now, so that the demo's orders never grow old.

``-9d 20:14`` is 20:14 in the market's zone on the day that is nine of the *shop's* days ago: return windows are
counted in the shop's zone, and a delivery "29 days ago" has to be so there. ``-3h`` and ``-40m`` are counted from now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SINCE_NOW = re.compile(r"([+-]\d+)([hm])")
ON_A_DAY = re.compile(r"([+-]\d+)d (\d{2}:\d{2})")


def check_moment(written: str) -> str:
    """The text unchanged; ``ValueError`` when it is no moment."""
    if not (SINCE_NOW.fullmatch(written) or ON_A_DAY.fullmatch(written)):
        raise ValueError(f'{written!r} is no moment: write "-9d 20:14", "-3h" or "-40m"')
    return written


@dataclass(frozen=True, slots=True)
class DemoClock:
    """Now, seen from the shop's zone; ``local`` is the zone in which the clock times of a market are meant."""

    now: datetime
    shop: ZoneInfo
    local: ZoneInfo

    def day(self, days: int) -> date:
        """The shop's day so many days from today."""
        return (self.now.astimezone(self.shop) + timedelta(days=days)).date()

    def on(self, day: date, clock: time) -> datetime:
        """That clock time in the market on that day, as UTC."""
        return datetime.combine(day, clock, self.local).astimezone(UTC)

    def at(self, written: str) -> datetime:
        """A moment as the YAML files write it, to the minute, as UTC."""
        if match := ON_A_DAY.fullmatch(written):
            return self.on(self.day(int(match[1])), time.fromisoformat(match[2]))
        if match := SINCE_NOW.fullmatch(written):
            amount = int(match[1])
            ago = timedelta(hours=amount) if match[2] == "h" else timedelta(minutes=amount)
            return (self.now + ago).astimezone(UTC).replace(second=0, microsecond=0)
        raise ValueError(written)
