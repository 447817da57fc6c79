"""When people are at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tools.policy.port import Policy

SATURDAY, SUNDAY = 5, 6
LONGEST_CLOSED = 60
"""Days looked ahead for the next opening."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening times in the shop's zone: weekdays, Saturday; closed on Sunday and on the policy's holidays."""

    zone: ZoneInfo
    weekdays: tuple[time, time]
    saturday: tuple[time, time]
    person_minutes: int
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, policy: Policy, now: datetime) -> OpeningHours:
        """Read them from the policy in force; a policy without hours is always open."""
        try:
            times = [
                time.fromisoformat(str(policy.figure(name, at=now)))
                for name in ("open_from", "open_until", "saturday_from", "saturday_until")
            ]
            minutes = int(str(policy.figure("person_minutes", at=now)))
        except KeyError:
            day = (time.min, time.max)
            return cls(policy.zone, day, day, 3)
        return cls(policy.zone, (times[0], times[1]), (times[2], times[3]), minutes, policy.holidays)

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody is there."""
        local = moment.astimezone(self.zone)
        if self.weekdays == (time.min, time.max):
            return True
        if not self._works(local.date()):
            return False
        first, last = self._times(local.date())
        return first <= local.time() < last

    def next_opening(self, moment: datetime) -> datetime:
        """The next moment at which somebody comes in, in the shop's zone."""
        local = moment.astimezone(self.zone)
        for ahead in range(LONGEST_CLOSED):
            day = local.date() + timedelta(days=ahead)
            opening = datetime.combine(day, self._times(day)[0], self.zone)
            if self._works(day) and opening > local:
                return opening
        return local

    def _works(self, day: date) -> bool:
        return day.weekday() != SUNDAY and day not in self.holidays

    def _times(self, day: date) -> tuple[time, time]:
        return self.saturday if day.weekday() == SATURDAY else self.weekdays
