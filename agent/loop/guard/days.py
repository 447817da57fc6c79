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
_DIGIT = re.compile(r"\d")
_DAY_FIRST = re.compile(
    rf"(?<![\d.,])(\d{{1,2}})(?:º|°|\.|st|nd|rd|th)?(?: de | of |[ -])({_ANY})\b"
    r"(?! (?:of|be|arrive|take|need|have|still|not|also|come|differ|vary)\b)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(rf"\b({_LEADING})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)\d{4}-(\d{2})-(\d{2})(?!\d)")
_IN_FIGURES = re.compile(r"(?<![\w/.,-])(?!24/7|1/2\b)(\d{1,2})([/.-])(\d{1,2})(\2(?:\d{4}|\d{2}))?(?![\w/-]|[.,]\d)")
_FULL_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WEEKDAYS = (
    "lunes|monday|mondays|segunda[- ]feira",
    "martes|tuesday|tuesdays|terça(?:[- ]feira)?",
    "miércoles|miercoles|wednesday|wednesdays|quarta[- ]feira",
    "jueves|thursday|thursdays|quinta[- ]feira",
    "viernes|friday|fridays|sexta[- ]feira",
    "sábados?|sabado|saturday|saturdays",
    "domingos?|sunday|sundays",
)
_BARE = "(?:na|nesta|até|até a|da próxima|na próxima|para|só|de|é) (segunda|quarta|quinta|sexta)\\b(?! (?:vez|opção|via|parte|feira))"
_ANY_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})", re.IGNORECASE)
_WEEKDAY = tuple(re.compile(rf"\b(?:{names})\b", re.IGNORECASE) for names in _WEEKDAYS)
_SHORT_WEEKDAY = re.compile(rf"\b{_BARE}", re.IGNORECASE)
_PORTUGUESE = {"segunda": 0, "quarta": 2, "quinta": 3, "sexta": 4}
_THAT_DAY = re.compile(
    rf"\b(?:{'|'.join(_WEEKDAYS)}),?(?: the| o dia| dia| el)? (\d{{1,2}})(?:st|nd|rd|th)?\b(?! ?(?:[/:.-]\d|de|of|h|am|pm|{_ANY})\b)(?![/:]|\.\d)"
    r"|\bthe (\d{1,2})(?:st|nd|rd|th)\b(?! (?:of|floor|time|item|order))"
    r"|\b(?:el|al|hasta el|(?:no )?dia|o dia|el día|día) (\d{1,2})(?=\s*(?:$|[,.;!?)]|y\b|e\b|pero\b|mas\b|entre\b|antes\b|se\b))(?![.,]\d)",
    re.IGNORECASE | re.MULTILINE,
)
"""A day without its month: "el martes 24", "the 23rd", "dia 30"."""
_TWO_DAYS = re.compile(r"\b(?:pasado mañana|depois de amanhã|the day after tomorrow)\b", re.IGNORECASE)
_TOMORROW = re.compile(r"(?<!la )(?<!esta )(?<!de )(?<!from )(?<!desde )\b(?:mañana|amanhã|tomorrow)\b", re.IGNORECASE)
_YESTERDAY = re.compile(r"\b(?:ayer|ontem|yesterday)\b", re.IGNORECASE)

Day = frozenset[tuple[int, int]]
"""``(month, day)``; all ways to read it: ``04/05`` may be either, "the 23rd" be of any month."""


def days_in(text: str, today: date | None) -> frozenset[Day]:
    """Every day the text names; those counted from today ("tomorrow") only when ``today`` is given."""
    if not _DIGIT.search(text):
        return frozenset(frozenset({(day.month, day.day)}) for day in (_counted(text, today) if today else ()))
    found = [(_NUMBER_OF[month.lower()], int(day)) for day, month in _DAY_FIRST.findall(text)]
    found += [(_NUMBER_OF[month.lower()], int(day)) for month, day in _MONTH_FIRST.findall(text)]
    found += [(int(month), int(day)) for month, day in _ISO.findall(text)]
    if today is not None:
        found += [(day.month, day.day) for day in _counted(text, today)]
    named = frozenset(frozenset({one}) for one in found)
    return named | frozenset(_in_figures(text)) | frozenset(_of_any_month(text))


def _of_any_month(text: str) -> Iterator[Day]:
    for numbers in _THAT_DAY.findall(text):
        day = int(next(number for number in numbers if number))
        yield frozenset((month, day) for month in range(1, 13))


def weekdays_in(text: str) -> frozenset[int]:
    """Every weekday the text names; Monday is 0."""
    named = (
        {number for number, pattern in enumerate(_WEEKDAY) if pattern.search(text)}
        if _ANY_WEEKDAY.search(text)
        else set()
    )
    return frozenset(named | {_PORTUGUESE[match.lower()] for match in _SHORT_WEEKDAY.findall(text)})


def weekdays_known(text: str, today: date | None) -> frozenset[int]:
    """The weekdays of the days a source names; a day without a year is one of this year's."""
    found = {(int(year), int(month), int(day)) for year, month, day in _FULL_ISO.findall(text)}
    if today is not None:
        found |= {(today.year, month, day) for one in days_in(text, today) for month, day in one}
    return frozenset(weekday for one in found if (weekday := _weekday(*one)) is not None)


def _weekday(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).weekday()
    except ValueError:
        return None


def _in_figures(text: str) -> Iterator[Day]:
    for first, mark, second, year in _IN_FIGURES.findall(text):
        if mark != "/" and not year:
            continue
        ways = {(int(second), int(first)), (int(first), int(second))}
        possible = frozenset((month, day) for month, day in ways if 1 <= month <= 12 and 1 <= day <= 31)
        yield possible or frozenset({(int(second), int(first))})


def _counted(text: str, today: date) -> Iterator[date]:
    rest = _TWO_DAYS.sub(" ", text)
    for days, found in ((2, rest != text), (1, _TOMORROW.search(rest)), (-1, _YESTERDAY.search(rest))):
        if found:
            yield today + timedelta(days=days)
