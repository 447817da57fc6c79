"""How money, days and lists are written for a shopper: by language, and by the market the currency belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency

_MARKET = {"MXN": "MX", "ARS": "AR", "COP": "CO", "CLP": "CL", "EUR": "ES", "BRL": "BR", "USD": "US", "GBP": "GB"}
_HOME = {"es": {"MXN", "ARS", "COP", "CLP", "EUR", "USD"}, "en": {"USD", "GBP", "EUR"}, "pt": {"BRL"}}
_DAY = {"es": "EEEE d 'de' MMMM", "en": "EEEE, MMMM d", "pt": "EEEE, d 'de' MMMM"}
_AND = {"es": ("y", "e"), "en": ("and", "and"), "pt": ("e", "e")}


@lru_cache(maxsize=64)
def _locale(language: str, currency: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{_MARKET.get(currency, '')}".rstrip("_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


@lru_cache(maxsize=4096)
def _money(amount: str, currency: str, language: str) -> str:
    locale = _locale(language, currency)
    text = format_currency(Decimal(amount), currency, locale=locale).replace("\xa0", " ")
    text = re.sub(r"(?<=[A-Z])(?=\d)", " ", text)
    ambiguous = text.startswith(("$", "-$")) and currency != "USD"
    return f"{text} {currency}" if ambiguous else text


def money(value: Mapping[str, Any], language: str) -> str:
    """``{"amount": "1299.00", "currency": "MXN"}`` as a shopper of that market writes it: ``$1,299.00 MXN``."""
    return _money(str(value["amount"]), str(value["currency"]), language)


@lru_cache(maxsize=4096)
def day(value: str | date, language: str) -> str:
    """A date (or ISO date, or ISO time) with its weekday: ``jueves 26 de noviembre``."""
    return format_date(_as_date(value), _DAY[language], locale=language)


@lru_cache(maxsize=4096)
def full_day(value: str | date, language: str) -> str:
    """A date with its year, for what is kept: ``26 de noviembre de 2026``, in English ``November 26, 2026``."""
    return format_date(_as_date(value), "long", locale=language)


@lru_cache(maxsize=4096)
def hour(value: str | datetime, language: str) -> str:
    """The time of day of an ISO time: ``14:00``, in English ``2:00 PM``."""
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    form = "h:mm a" if language == "en" else "HH:mm"
    return format_time(when.time(), form, locale=language).replace("\u202f", " ")


def listed(items: Sequence[str], language: str) -> str:
    """``a, b y c``; in Spanish ``e`` before an i sound."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    plain, before_i = _AND[language]
    last = words[-1]
    word = before_i if last[:2].lower().startswith(("i", "hi")) else plain
    return f"{', '.join(words[:-1])} {word} {last}"


def _as_date(value: str | date) -> date:
    if isinstance(value, str):
        return datetime.fromisoformat(value).date()
    return value.date() if isinstance(value, datetime) else value
