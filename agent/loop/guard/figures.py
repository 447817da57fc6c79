"""Finds the checkable figures of a text: order numbers, amounts, days, tracking codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_CODE = re.compile(r"(?<![\w-])(?=[A-Z0-9-]*\d{3})[A-Z][A-Z0-9]*(?:-?[A-Z0-9]+)*(?![\w-])")
_NUMBER = re.compile(r"(?<![\w.,/-])#?\d{5,}(?![\w/]|[.,]\d)")
_MARK = r"(?:US\$|MX\$|R\$|[$€£]|MXN|ARS|COP|EUR|BRL|USD|CLP|GBP|euros?|pesos|reais|dollars?|dólares|soles)"
_DIGITS = r"\d{1,3}(?:[.,\u202f\xa0 ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(rf"{_MARK}\s?-?({_DIGITS})(?!\d)|(?<![\w.,])({_DIGITS})\s?{_MARK}", re.IGNORECASE)
_MONTHS = (
    "january|enero|janeiro|february|febrero|fevereiro|march|marzo|março|april|abril|abril|may|mayo|maio|"
    "june|junio|junho|july|julio|julho|august|agosto|agosto|september|septiembre|setembro|"
    "october|octubre|outubro|november|noviembre|novembro|december|diciembre|dezembro"
).split("|")
_MONTH_NUMBER = {name: index // 3 + 1 for index, name in enumerate(_MONTHS)} | {"setiembre": 9}
_MONTH_WORD = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:º|\.)? (?:de |of )?({_MONTH_WORD})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_MONTH_WORD}) (\d{{1,2}})(?:st|nd|rd|th)?(?!\d)", re.IGNORECASE)
_ISO_DAY = re.compile(r"(?<!\d)\d{4}-(\d{2})-(\d{2})(?!\d)")
_AMOUNT_FIELD = re.compile(r'"amount":\s?"(-?\d+(?:\.\d+)?)"')


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text states: amounts as decimals without sign, days as ``(month, day)``, codes in upper case."""

    amounts: frozenset[Decimal]
    days: frozenset[tuple[int, int]]
    codes: frozenset[str]

    def beyond(self, known: Figures) -> tuple[str, ...]:
        """The figures that the other does not have, readable."""
        return (
            *(f"amount {amount}" for amount in sorted(self.amounts - known.amounts)),
            *(f"day {month:02}-{day:02}" for month, day in sorted(self.days - known.days)),
            *(f"code {code}" for code in sorted(self.codes - known.codes)),
        )

    def __or__(self, other: Figures) -> Figures:
        return Figures(self.amounts | other.amounts, self.days | other.days, self.codes | other.codes)


NOTHING = Figures(frozenset(), frozenset(), frozenset())


@lru_cache(maxsize=2048)
def read_figures(text: str) -> Figures:
    """Read a reply, a tool's JSON or a shopper's words alike."""
    amounts = {_decimal(match.group(1) or match.group(2)) for match in _MONEY.finditer(text)}
    amounts |= {abs(Decimal(match.group(1))).normalize() for match in _AMOUNT_FIELD.finditer(text)}
    days = {(_MONTH_NUMBER[match.group(2).lower()], int(match.group(1))) for match in _DAY_FIRST.finditer(text)}
    days |= {(_MONTH_NUMBER[match.group(1).lower()], int(match.group(2))) for match in _MONTH_FIRST.finditer(text)}
    days |= {(int(match.group(1)), int(match.group(2))) for match in _ISO_DAY.finditer(text)}
    codes = {match.group().strip("#") for match in _NUMBER.finditer(text)}
    codes |= {match.group() for match in _CODE.finditer(text.upper())}
    return Figures(frozenset(amount for amount in amounts if amount is not None), frozenset(days), frozenset(codes))


def _decimal(digits: str) -> Decimal | None:
    """``1.299,00``, ``1,299.00`` and ``1 299`` alike; two digits after the last mark are cents."""
    plain = re.sub(r"[\u202f\xa0 ]", "", digits)
    cents = re.search(r"[.,](\d{1,2})$", plain)
    whole = re.sub(r"[.,]", "", plain[: cents.start()] if cents else plain)
    try:
        return Decimal(f"{whole}.{cents.group(1)}" if cents else whole).normalize()
    except InvalidOperation:
        return None
