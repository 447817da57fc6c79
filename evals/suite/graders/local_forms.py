"""Amounts and dates as people write them in each language, never found inside another number."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import get_month_names

_MARKS: Final = {
    "MXN": r"\$|MXN|MX\$|pesos?", "USD": r"\$|USD|US\$|U\$S|d[óo]lares|dollars?|bucks", "EUR": r"€|EUR|euros?",
    "BRL": r"R\$|BRL|reais|real", "GBP": r"£|GBP|pounds?|libras", "ARS": r"\$|ARS|AR\$|pesos?",
    "COP": r"\$|COP|pesos?", "CLP": r"\$|CLP|pesos?",
}  # fmt: skip
_GROUPS: Final = r"[.,'   ]?"
_BEFORE: Final = r"(?<![\d])(?<!\d[.,'   ])"
_AFTER: Final = r"(?![\d])(?![.,'   ]\d)"


def says_money(text: str, wanted: str) -> bool:
    """Whether that amount is in the text: ``1299.00 MXN`` is ``$1,299``, ``1.299,00 MXN`` or ``1299 pesos``."""
    amount, currency = wanted.split(" ")
    return _money(Decimal(amount), currency).search(text) is not None


def says_date(text: str, wanted: date, language: str) -> bool:
    """Whether that day is in the text: ``24 de noviembre``, ``Nov 24``, ``24/11``; a year is only looked at when it is there."""
    return _date(wanted, language).search(text) is not None


@lru_cache(maxsize=512)
def _money(amount: Decimal, currency: str) -> re.Pattern[str]:
    whole, _, cents = f"{abs(amount):.2f}".partition(".")
    start = len(whole) % 3 or 3
    groups = [whole[:start], *(whole[at : at + 3] for at in range(start, len(whole), 3))]
    number = _GROUPS.join(groups) + (r"(?:[.,]00)?" if cents == "00" else rf"[.,](?:{cents}|{cents.rstrip('0')})")
    mark = _MARKS.get(currency, re.escape(currency))
    marked = rf"(?:{mark})\s?-?{_BEFORE}{number}{_AFTER}|{_BEFORE}{number}{_AFTER}\s?(?:{mark})(?![a-z])"
    return re.compile(marked, re.IGNORECASE)


@lru_cache(maxsize=512)
def _date(day: date, language: str) -> re.Pattern[str]:
    names = {get_month_names(width, locale=language)[day.month].rstrip(".") for width in ("wide", "abbreviated")}
    month = rf"(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})\b\.?"
    year = rf"(?!,?\s*(?:de\s+|del\s+)?(?!{day.year}\b)\d{{4}}\b)"
    number = rf"{_BEFORE}0?{day.day}(?:st|nd|rd|th|º|°)?"
    order = (day.month, day.day) if language == "en" else (day.day, day.month)
    slashes = rf"0?{order[0]}[/.-]0?{order[1]}(?:[/.-](?:{day.year}|{day.year % 100:02d}))?"
    forms = [
        rf"{number}\s+(?:de\s+|of\s+)?{month}{year}",
        rf"\b{month}\s+0?{day.day}(?:st|nd|rd|th)?(?!\d){year}",
        rf"(?<![\d/.-]){slashes}(?![\d/-])",
        rf"(?<!\d){day.isoformat()}(?!\d)",
    ]
    return re.compile("|".join(f"(?:{form})" for form in forms), re.IGNORECASE)
