"""Finds the checkable figures of a text: order numbers, amounts, shares, days, tracking codes, card endings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from agent.loop.guard.days import Day, days_in

_CODE = re.compile(r"(?<![\w-])(?=[A-Z0-9-]*\d{3})[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*(?![\w-])")
_NUMBER = re.compile(r"(?<![\w.,/-])\d{5,}(?![\w/]|[.,-]\d)|#(?=[\w-]*\d{3})([\w-]*\w)")
_NAMED = re.compile(
    r"\b(?:pedido|orden|compra|order|guía|rastreo|rastreio|seguimiento|tracking(?: number)?|código)s?"
    r"(?: (?:número|number|de|no|n[º°.]?|nro\.?|es|is|é))* ?:? ?#?(\d[\d-]{2,})\b",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"\b(?:terminad[ao] (?:en|em)|ending (?:in|with)|final|acaba en|\*{2,}|•{2,}) ?(\d{4})\b", re.IGNORECASE
)
_TOKEN = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_MARK = (
    r"(?:US\$|MX\$|R\$|[$€£]|(?:MXN|ARS|COP|EUR|BRL|USD|CLP|GBP)\b|euros?\b|pesos?\b|reais\b|real\b|"
    r"d[oó]lar(?:es)?\b|dollars?\b|soles\b|bucks\b)"
)
_DIGITS = r"\d{1,3}(?:[.,'’\u202f\xa0 ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(rf"{_MARK}\s?-?({_DIGITS})(?!\d)|(?<![\w.,])({_DIGITS})\s?{_MARK}", re.IGNORECASE)
_SHARE = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d+)?) ?(?:%|por ?ciento\b|por cento\b|per ?cent\b)", re.IGNORECASE)
_AMOUNT_FIELD = re.compile(r'"amount":\s?"(-?\d+(?:\.\d+)?)"')


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text states: amounts as decimals without sign, shares in percent, days, codes.

    ``today`` is what words like "tomorrow" are counted from; without it they are not read.
    """

    amounts: frozenset[Decimal] = frozenset()
    shares: frozenset[Decimal] = frozenset()
    days: frozenset[Day] = frozenset()
    codes: frozenset[str] = frozenset()
    today: date | None = field(default=None, compare=False)

    def beyond(self, known: Figures) -> tuple[str, ...]:
        """The figures that the other does not have, readable."""
        ways = {way for day in known.days for way in day}
        days = sorted(min(day) for day in self.days if not day & ways)
        return (
            *(f"amount {amount:f}" for amount in sorted(self.amounts - known.amounts)),
            *(f"share {share:f} %" for share in sorted(self.shares - known.shares)),
            *(f"day {month:02}-{day:02}" for month, day in days),
            *(f"code {code}" for code in sorted(self.codes - known.codes)),
        )

    def __or__(self, other: Figures) -> Figures:
        return Figures(
            self.amounts | other.amounts,
            self.shares | other.shares,
            self.days | other.days,
            self.codes | other.codes,
            self.today or other.today,
        )


@lru_cache(maxsize=2048)
def read_figures(text: str, today: date | None = None) -> Figures:
    """What a reply states. Codes are in upper case."""
    codes = {(match.group(1) or match.group()).upper() for match in _NUMBER.finditer(text)}
    codes |= {match.group() for match in _CODE.finditer(text.upper())}
    codes |= {match.group(1) for pattern in (_NAMED, _CARD) for match in pattern.finditer(text)}
    return Figures(_amounts(text), _shares(text), days_in(text, today), frozenset(codes), today)


@lru_cache(maxsize=2048)
def figures_known(text: str, today: date | None = None) -> Figures:
    """What a source supports: a tool's JSON, an article, the shopper's words. Any run of letters and digits is a code."""
    tokens = frozenset(token for token in _TOKEN.findall(text.upper()) if any(sign.isdigit() for sign in token))
    parts = frozenset(part for token in tokens for part in token.split("-"))
    return Figures(_amounts(text), _shares(text), days_in(text, today), tokens | parts)


def _amounts(text: str) -> frozenset[Decimal]:
    amounts = {_decimal(match.group(1) or match.group(2)) for match in _MONEY.finditer(text)}
    amounts |= {abs(Decimal(match.group(1))).normalize() for match in _AMOUNT_FIELD.finditer(text)}
    return frozenset(amount for amount in amounts if amount is not None)


def _shares(text: str) -> frozenset[Decimal]:
    """A hundred percent is a way to say "quite": it promises nothing."""
    shares = {Decimal(match.group(1).replace(",", ".")).normalize() for match in _SHARE.finditer(text)}
    return frozenset(shares - {Decimal(100)})


def _decimal(digits: str) -> Decimal | None:
    """``1.299,00``, ``1,299.00`` and ``1 299`` alike; one or two digits after the last mark are cents."""
    plain = re.sub(r"['’\u202f\xa0 ]", "", digits)
    cents = re.search(r"[.,](\d{1,2})$", plain)
    whole = re.sub(r"[.,]", "", plain[: cents.start()] if cents else plain)
    try:
        return Decimal(f"{whole}.{cents.group(1)}" if cents else whole).normalize()
    except InvalidOperation:
        return None
