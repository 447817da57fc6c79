"""When people are at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tools.policy.port import Policy

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening times in the shop's zone: weekdays, Saturday; closed on Sunday."""

    zone: ZoneInfo
    weekdays: tuple[time, time]
    saturday: tuple[time, time]
    person_minutes: int

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
        return cls(policy.zone, (times[0], times[1]), (times[2], times[3]), minutes)

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody is there."""
        local = moment.astimezone(self.zone)
        if local.weekday() == SUNDAY:
            return self.weekdays == (time.min, time.max)
        first, last = self.saturday if local.weekday() == SATURDAY else self.weekdays
        return first <= local.time() < last

    def next_opening(self, moment: datetime) -> datetime:
        """The next moment at which somebody comes in, in the shop's zone."""
        local = moment.astimezone(self.zone)
        for ahead in range(8):
            day = local.date() + timedelta(days=ahead)
            first = self.saturday[0] if day.weekday() == SATURDAY else self.weekdays[0]
            opening = datetime.combine(day, first, self.zone)
            if day.weekday() != SUNDAY and opening > local:
                return opening
        return local
