"""Finds the checkable figures of a text: order numbers, amounts, shares, days, durations, hours, codes, card endings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from agent.loop.guard.days import Day, days_in, weekdays_in, weekdays_known
from agent.loop.guard.money import Amount, amounts_in
from agent.loop.guard.spans import Span, Time, span_fields, spans_in, time_fields, times_in

_CODE = re.compile(r"(?<![\w-])(?=[A-Z0-9-]*\d{3})[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*(?![\w-])")
_REFERENCE = re.compile(r"(?<![\w-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]{7,})[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*(?![\w-])")
_NUMBER = re.compile(r"(?<![\w.,/-])\d{5,}(?![\w/]|[.,-]\d)|#(?=[\w-]*\d{3})([\w-]*\w)")
_NAMED = re.compile(
    r"\b(?:pedido|orden|compra|order|guía|rastreo|rastreio|seguimiento|tracking(?: number)?|código)s?"
    r"(?: (?:número|number|de|no|n[º°.]?|nro\.?|es|is|é))* ?:? ?#?(\d[\d-]{2,})\b",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"\b(?:terminad[ao] (?:en|em)|ending (?:in|with)|final|acaba en|\*{2,}|•{2,}) ?(\d{4})\b", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+*-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.,$€/-])\+?\(?\d{2,4}\)?(?:[ .-]\d{2,5}){2,4}(?![\w.,]\d|\w)")
_TOKEN = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_SHARE = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d+)?) ?(?:%|por ?ciento\b|por cento\b|per ?cent\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text states: amounts with their currency, shares in percent, days and weekdays, durations, hours, codes.

    ``today`` is what words like "tomorrow" and "in 3 days" are counted from; without it the former are not read.
    """

    amounts: frozenset[Amount] = frozenset()
    shares: frozenset[Decimal] = frozenset()
    days: frozenset[Day] = frozenset()
    weekdays: frozenset[int] = frozenset()
    spans: frozenset[Span] = frozenset()
    times: frozenset[Time] = frozenset()
    codes: frozenset[str] = frozenset()
    today: date | None = field(default=None, compare=False)

    def beyond(self, known: Figures) -> tuple[str, ...]:
        """The figures that the other does not have, readable."""
        ways = {way for day in known.days for way in day}
        hours = {way for time in known.times for way in time}
        amounts = [one for one in self.amounts if not any(one.agrees_with(other) for other in known.amounts)]
        days = sorted(min(day) for day in self.days if not day & ways)
        times = sorted(min(time) for time in self.times if not time & hours)
        return (
            *(f"amount {amount}" for amount in sorted(amounts, key=str)),
            *(f"share {share:f} %" for share in sorted(self.shares - known.shares)),
            *(f"day {month:02}-{day:02}" for month, day in days),
            *(f"weekday {number}" for number in sorted(self.weekdays - known.weekdays) if not days),
            *(f"duration {span}" for span in sorted(self.spans, key=str) if not known.has_span(span, ways)),
            *(f"time {hour:02}:{minute:02}" for hour, minute in times),
            *(f"code {code}" for code in sorted(self.codes - known.codes)),
        )

    def has_span(self, span: Span, ways: set[tuple[int, int]]) -> bool:
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
        return any((day.month, day.day) in ways for day in there)

    @classmethod
    def merged(cls, parts: Sequence[Figures], today: date | None) -> Figures:
        """All of them in one."""
        return cls(
            frozenset().union(*(one.amounts for one in parts)),
            frozenset().union(*(one.shares for one in parts)),
            frozenset().union(*(one.days for one in parts)),
            frozenset().union(*(one.weekdays for one in parts)),
            frozenset().union(*(one.spans for one in parts)),
            frozenset().union(*(one.times for one in parts)),
            frozenset().union(*(one.codes for one in parts)),
            today,
        )


@lru_cache(maxsize=2048)
def read_figures(text: str, today: date | None = None) -> Figures:
    """What a reply states. Codes are in upper case."""
    codes = {(match.group(1) or match.group()).upper() for match in _NUMBER.finditer(text)}
    codes |= {match.group() for match in (*_CODE.finditer(text.upper()), *_REFERENCE.finditer(text))}
    codes |= {match.group(1) for pattern in (_NAMED, _CARD) for match in pattern.finditer(text)}
    codes |= _contacts(text)
    return replace(_stated(text, today), codes=frozenset(codes), today=today)


@lru_cache(maxsize=2048)
def figures_known(text: str, today: date | None = None) -> Figures:
    """What a source supports: a tool's JSON, an article, the shopper's words. Any run of letters and digits is a code."""
    tokens = frozenset(token for token in _TOKEN.findall(text.upper()) if any(sign.isdigit() for sign in token))
    parts = frozenset(part for token in tokens for part in token.split("-"))
    stated = _stated(text, today)
    return replace(
        stated,
        weekdays=stated.weekdays | weekdays_known(text, today),
        spans=stated.spans | span_fields(text),
        times=stated.times | time_fields(text),
        codes=tokens | parts | _contacts(text),
        today=today,
    )


def _contacts(text: str) -> set[str]:
    """E-mail addresses, and the digits of phones written in groups."""
    emails = {email.upper() for email in _EMAIL.findall(text)} if "@" in text else set()
    phones = {re.sub(r"\D", "", phone) for phone in _PHONE.findall(text)}
    return emails | {digits for digits in phones if len(digits) >= 9}


def _stated(text: str, today: date | None) -> Figures:
    return Figures(
        amounts_in(text), _shares(text), days_in(text, today), weekdays_in(text), spans_in(text), times_in(text)
    )


def _shares(text: str) -> frozenset[Decimal]:
    """A hundred percent is a way to say "quite": it promises nothing."""
    shares = {Decimal(match.group(1).replace(",", ".")).normalize() for match in _SHARE.finditer(text)}
    return frozenset(shares - {Decimal(100)})
