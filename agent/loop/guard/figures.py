"""Finds the checkable figures of a text: order numbers, amounts, shares, days, durations, hours, codes, card endings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from agent.loop.guard.days import Day, days_in, weekdays_in
from agent.loop.guard.money import Amount, amounts_in
from agent.loop.guard.spans import Span, Time, spans_in, times_in

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
_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[\w.+*-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.,$€/-])\+?\(?\d{2,4}\)?(?:[ .-]\d{2,5}){2,4}(?![\w.,]\d|\w)")
_SHARE = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d+)?) ?(?:%|por ?ciento\b|por cento\b|per ?cent\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text states: amounts with their currency, shares in percent, days and weekdays, durations, hours, codes."""

    amounts: frozenset[Amount] = frozenset()
    shares: frozenset[Decimal] = frozenset()
    days: frozenset[Day] = frozenset()
    weekdays: frozenset[int] = frozenset()
    spans: frozenset[Span] = frozenset()
    times: frozenset[Time] = frozenset()
    codes: frozenset[str] = frozenset()


@lru_cache(maxsize=2048)
def read_figures(text: str, today: date | None = None) -> Figures:
    """What a reply states. Codes are in upper case; ``today`` is what "tomorrow" is counted from, unread without it."""
    if not _DIGIT.search(text):
        return Figures(
            days=days_in(text, today), weekdays=weekdays_in(text), spans=spans_in(text), codes=contacts_in(text)
        )
    codes = {(match.group(1) or match.group()).upper() for match in _NUMBER.finditer(text)}
    codes |= {match.group() for match in (*_CODE.finditer(text.upper()), *_REFERENCE.finditer(text))}
    codes |= {match.group(1) for pattern in (_NAMED, _CARD) for match in pattern.finditer(text)}
    codes |= contacts_in(text)
    return replace(_stated(text, today), codes=frozenset(codes))


def contacts_in(text: str) -> frozenset[str]:
    """E-mail addresses, and the digits of phones written in groups."""
    emails = {email.upper() for email in _EMAIL.findall(text)} if "@" in text else set()
    phones = {re.sub(r"\D", "", phone) for phone in _PHONE.findall(text)}
    return frozenset(emails | {digits for digits in phones if len(digits) >= 9})


def _stated(text: str, today: date | None) -> Figures:
    return Figures(
        amounts_in(text), shares_in(text), days_in(text, today), weekdays_in(text), spans_in(text), times_in(text)
    )


def shares_in(text: str) -> frozenset[Decimal]:
    """A hundred percent is a way to say "quite": it promises nothing."""
    shares = {Decimal(match.group(1).replace(",", ".")).normalize() for match in _SHARE.finditer(text)}
    return frozenset(shares - {Decimal(100)})
