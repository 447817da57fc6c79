"""Figures as text in a reader's language, to be set into articles and sentences."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_time
from babel.numbers import format_currency, format_decimal

from tools.policy.engine import YamlPolicy
from tools.policy.figures import FigureValue, Unit

LANGUAGES = {"es": Locale("es", "419"), "en": Locale("en", "US"), "pt": Locale("pt", "BR")}
DOLLAR_SIGNS = frozenset({"ARS", "CLP", "COP", "MXN", "UYU", "USD"})
"""Currencies written with a bare ``$`` at home: elsewhere only the code tells which one is meant."""
WITHOUT_CENTS = frozenset({"ARS", "CLP", "COP"})
"""Currencies in which nobody writes the cents of a whole amount."""


def localised_figures(policy: YamlPolicy, language: str) -> dict[str, str]:
    """Every figure that an article may quote, by its name, as text in es, en or pt.

    Numbers stand alone (``30``), money carries its currency (``$89.00 MXN``, ``3,90 €``), times are as the clock is
    read there. Spaces are ordinary ones. ``KeyError`` for another language.
    """
    locale = LANGUAGES[language]
    return {name: write_figure(value, locale) for name, value in policy.figures_for_articles().items()}


def write_figure(figure: FigureValue, locale: Locale) -> str:
    """One figure as text; in Spanish, money is written as in its own country."""
    if figure.unit is Unit.MONEY:
        return write_amount(Decimal(figure.value), figure.currency, _at_home(locale, figure.country))
    if figure.unit is Unit.TIME:
        return _plain(format_time(time.fromisoformat(str(figure.value)), "short", locale=locale))
    return _plain(format_decimal(int(figure.value), locale=locale))


def write_amount(amount: Decimal, currency: str, locale: Locale) -> str:
    """An amount that cannot be taken for another country's money."""
    cents = "" if currency in WITHOUT_CENTS and amount == amount.to_integral_value() else ".00"
    if currency not in DOLLAR_SIGNS:
        return _plain(format_currency(amount, currency, locale=locale))
    return f"${_plain(format_decimal(amount, f'#,##0{cents}', locale=locale))} {currency}"


def _at_home(locale: Locale, country: str) -> Locale:
    """Spanish differs by country in its decimal mark; English and Portuguese are written as in the US and Brazil."""
    if locale.language != "es":
        return locale
    try:
        return Locale.parse(f"{locale.language}_{country}")
    except (UnknownLocaleError, ValueError):
        return locale


def _plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")
