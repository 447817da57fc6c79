"""Finds the days that a text names: by month, in figures, and counted from today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = (
    "january|enero|janeiro|february|febrero|fevereiro|march|marzo|março|april|abril|abril|may|mayo|maio|"
    "june|junio|junho|july|julio|julho|august|agosto|agosto|september|septiembre|setembro|"
    "october|octubre|outubro|november|noviembre|novembro|december|diciembre|dezembro"
).split("|")
_SHORT = ("jan ene", "feb fev", "mar", "apr abr", "may mai", "jun", "jul", "aug ago", "sep set sept", "oct out", "nov", "dec dic dez")
_MONTH_NUMBER = (
    {name: index // 3 + 1 for index, name in enumerate(_MONTHS)}
    | {"setiembre": 9}
    | {name: index + 1 for index, names in enumerate(_SHORT) for name in names.split()}
)
_MONTH_WORD = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"(?<![\d.,])(\d{{1,2}})(?:º|°|\.|st|nd|rd|th)?(?: de | of |[ -])({_MONTH_WORD})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_MONTH_WORD})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)\d{4}-(\d{2})-(\d{2})(?!\d)")
_IN_FIGURES = re.compile(r"(?<![\w/.,-])(\d{1,2})([/.-])(\d{1,2})(?:\2(?:\d{4}|\d{2}))?(?![\w/-]|[.,]\d)")
_FROM_TODAY = {
    0: r"(?<!de )\b(?:hoy|hoje|today)\b(?! en día)",
    1: r"(?<!la )(?<!de )(?<!por )(?<!from )(?<!desde )\b(?:mañana|amanhã|tomorrow)\b(?! (?:por|a) la mañana mismo)",
    2: r"\b(?:pasado mañana|depois de amanhã|the day after tomorrow)\b",
    -1: r"(?<!de )\b(?:ayer|ontem|yesterday)\b",
}
_COUNTED = {days: re.compile(pattern, re.IGNORECASE) for days, pattern in _FROM_TODAY.items()}


def days_in(text: str, today: date | None) -> frozenset[tuple[int, int]]:
    """``(month, day)`` of each. ``24/11`` is day first unless only the other way round makes a date."""
    found = {(_MONTH_NUMBER[month.lower()], int(day)) for day, month in _DAY_FIRST.findall(text)}
    found |= {(_MONTH_NUMBER[month.lower()], int(day)) for month, day in _MONTH_FIRST.findall(text)}
    found |= {(int(month), int(day)) for month, day in _ISO.findall(text)}
    found |= set(_in_figures(text))
    if today is not None:
        found |= set(_counted(text, today))
    return frozenset(found)


def _in_figures(text: str) -> Iterator[tuple[int, int]]:
    for match in _IN_FIGURES.finditer(text):
        first, second = int(match.group(1)), int(match.group(3))
        if match.group(2) != "/" and match.group().count(match.group(2)) < 2:
            continue
        if 1 <= first <= 31 and 1 <= second <= 12:
            yield second, first
        elif 1 <= first <= 12 and 1 <= second <= 31:
            yield first, second


def _counted(text: str, today: date) -> Iterator[tuple[int, int]]:
    after = _COUNTED[2].sub(" ", text)
    for days, pattern in _COUNTED.items():
        if pattern.search(text if days == 2 else after):
            day = today + timedelta(days=days)
            yield day.month, day.day
