"""The figures that sources support, kind by kind and only when a reply states one of the kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from agent.loop.guard.days import Day, days_in, weekdays_in, weekdays_known
from agent.loop.guard.figures import Figures, contacts_in, shares_in
from agent.loop.guard.money import Amount, amounts_in
from agent.loop.guard.spans import Span, Time, span_fields, spans_in, time_fields, times_in

_TOKEN = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_DIGIT = re.compile(r"\d")
_KEPT = 2048
"""Texts whose figures are remembered, of each kind: what tools said is held against every reply that follows."""


class Sources:
    """What tools' JSON, articles and the shopper's words support.

    ``codes`` are sources of their own for codes: what one order is called is known of all.
    """

    def __init__(self, texts: Sequence[str], today: date | None, codes: Sources | None = None) -> None:
        self._texts = texts
        self._codes = codes
        self.today = today

    @cached_property
    def amounts(self) -> frozenset[Amount]:
        """Money."""
        return self._all(_amounts)

    @cached_property
    def shares(self) -> frozenset[Decimal]:
        """Percent."""
        return self._all(_shares)

    @cached_property
    def days(self) -> frozenset[Day]:
        """Days."""
        return self._all(_days, self.today)

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """Weekdays, those of the days included."""
        return self._all(_weekdays, self.today)

    @cached_property
    def spans(self) -> frozenset[Span]:
        """Durations."""
        return self._all(_spans)

    @cached_property
    def times(self) -> frozenset[Time]:
        """Hours of the day."""
        return self._all(_times)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Any run of letters and digits, addresses and phones."""
        return self._codes.codes if self._codes is not None else self._all(_codes)

    def lack(self, stated: Figures) -> tuple[str, ...]:
        """The figures stated that nothing here supports, readable."""
        return (*self._lack_amounts(stated), *self._lack_days(stated), *self._lack_rest(stated))

    def _lack_amounts(self, stated: Figures) -> Iterator[str]:
        if stated.amounts:
            lacking = [one for one in stated.amounts if not any(one.agrees_with(other) for other in self.amounts)]
            yield from (f"amount {amount}" for amount in sorted(lacking, key=str))
        if stated.shares:
            yield from (f"share {share:f} %" for share in sorted(stated.shares - self.shares))

    def _lack_days(self, stated: Figures) -> Iterator[str]:
        lacking = sorted(min(day) for day in stated.days if not day & self._ways) if stated.days else []
        yield from (f"day {month:02}-{day:02}" for month, day in lacking)
        if stated.weekdays and not lacking:
            yield from (f"weekday {number}" for number in sorted(stated.weekdays - self.weekdays))

    def _lack_rest(self, stated: Figures) -> Iterator[str]:
        yield from (f"duration {span}" for span in sorted(stated.spans, key=str) if not self._has_span(span))
        if stated.times:
            hours = {way for time in self.times for way in time}
            lacking = sorted(min(time) for time in stated.times if not time & hours)
            yield from (f"time {hour:02}:{minute:02}" for hour, minute in lacking)
        if stated.codes:
            yield from (f"code {code}" for code in sorted(stated.codes - self.codes))

    def _has_span(self, span: Span) -> bool:
        """Whether that duration is known as such, or leads from today to a known day."""
        if any((one.count, one.unit) == (span.count, span.unit) for one in self.spans):
            return True
        if span.days is None:
            return False
        if any(one.days == span.days for one in self.spans):
            return True
        if self.today is None or span.exact or span.unit == "hour":
            return False
        there = [self.today + timedelta(days=span.days * way) for way in ((span.way,) if span.way else (1, -1))]
        return any((day.month, day.day) in self._ways for day in there)

    @cached_property
    def _ways(self) -> frozenset[tuple[int, int]]:
        """Every way to read one of the days."""
        return frozenset(way for day in self.days for way in day)

    def _all(self, read: Callable[..., frozenset[Any]], *more: Any) -> frozenset[Any]:
        return frozenset().union(*(read(text, *more) for text in self._texts))


_amounts = lru_cache(maxsize=_KEPT)(amounts_in)
_shares = lru_cache(maxsize=_KEPT)(shares_in)
_days = lru_cache(maxsize=_KEPT)(days_in)


@lru_cache(maxsize=_KEPT)
def _weekdays(text: str, today: date | None) -> frozenset[int]:
    return weekdays_in(text) | weekdays_known(text, today)


@lru_cache(maxsize=_KEPT)
def _spans(text: str) -> frozenset[Span]:
    return spans_in(text) | span_fields(text)


@lru_cache(maxsize=_KEPT)
def _times(text: str) -> frozenset[Time]:
    return times_in(text) | time_fields(text)


@lru_cache(maxsize=_KEPT)
def _codes(text: str) -> frozenset[str]:
    tokens = {token for token in _TOKEN.findall(text.upper()) if _DIGIT.search(token)}
    return contacts_in(text).union(tokens, (part for token in tokens for part in token.split("-")))
