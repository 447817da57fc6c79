"""Finds the days that a text names: by month, in figures, and counted from today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = (
    ("january", "enero", "janeiro"),
    ("february", "febrero", "fevereiro"),
    ("march", "marzo", "março"),
    ("april", "abril"),
    ("may", "mayo", "maio"),
    ("june", "junio", "junho"),
    ("july", "julio", "julho"),
    ("august", "agosto"),
    ("september", "septiembre", "setiembre", "setembro"),
    ("october", "octubre", "outubro"),
    ("november", "noviembre", "novembro"),
    ("december", "diciembre", "dezembro"),
)
_SHORT = {
    "ene": 1, "jan": 1, "feb": 2, "fev": 2, "mar": 3, "abr": 4, "apr": 4, "mai": 5, "jun": 6, "jul": 7, "ago": 8, "aug": 8,
    "sep": 9, "sept": 9, "set": 9, "oct": 10, "out": 10, "nov": 11, "dic": 12, "dec": 12, "dez": 12,
}  # fmt: skip
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names} | _SHORT
_ALSO_WORDS = {"mar", "set", "out", "ago", "dez"}
"""Short forms that mean something else in front of a number: "mar 24" is a Tuesday, "out 3" no month at all."""

_ANY = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_LEADING = "|".join(sorted(_NUMBER_OF.keys() - _ALSO_WORDS, key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"(?<![\d.,])(\d{{1,2}})(?:º|°|\.|st|nd|rd|th)?(?: de | of |[ -])({_ANY})\b"
    r"(?! (?:of|be|arrive|take|need|have|still|not|also|come|differ|vary)\b)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(rf"\b({_LEADING})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)\d{4}-(\d{2})-(\d{2})(?!\d)")
_IN_FIGURES = re.compile(r"(?<![\w/.,-])(?!24/7|1/2\b)(\d{1,2})([/.-])(\d{1,2})(\2(?:\d{4}|\d{2}))?(?![\w/-]|[.,]\d)")
_TWO_DAYS = re.compile(r"\b(?:pasado mañana|depois de amanhã|the day after tomorrow)\b", re.IGNORECASE)
_TOMORROW = re.compile(r"(?<!la )(?<!esta )(?<!de )(?<!from )(?<!desde )\b(?:mañana|amanhã|tomorrow)\b", re.IGNORECASE)
_YESTERDAY = re.compile(r"\b(?:ayer|ontem|yesterday)\b", re.IGNORECASE)

Day = frozenset[tuple[int, int]]
"""``(month, day)``; both ways to read it where ``04/05`` may be either."""


def days_in(text: str, today: date | None) -> frozenset[Day]:
    """Every day the text names; those counted from today ("tomorrow") only when ``today`` is given."""
    found = [(_NUMBER_OF[month.lower()], int(day)) for day, month in _DAY_FIRST.findall(text)]
    found += [(_NUMBER_OF[month.lower()], int(day)) for month, day in _MONTH_FIRST.findall(text)]
    found += [(int(month), int(day)) for month, day in _ISO.findall(text)]
    if today is not None:
        found += [(day.month, day.day) for day in _counted(text, today)]
    return frozenset(frozenset({one}) for one in found) | frozenset(_in_figures(text))


def _in_figures(text: str) -> Iterator[Day]:
    for first, mark, second, year in _IN_FIGURES.findall(text):
        if mark != "/" and not year:
            continue
        ways = {(int(second), int(first)), (int(first), int(second))}
        possible = frozenset((month, day) for month, day in ways if 1 <= month <= 12 and 1 <= day <= 31)
        if possible:
            yield possible


def _counted(text: str, today: date) -> Iterator[date]:
    rest = _TWO_DAYS.sub(" ", text)
    for days, found in ((2, rest != text), (1, _TOMORROW.search(rest)), (-1, _YESTERDAY.search(rest))):
        if found:
            yield today + timedelta(days=days)
