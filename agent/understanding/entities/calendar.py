"""Days that people name, told from the day they speak on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind

_WEEKDAYS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "lunes monday mon segunda segunda-feira 2a",
            "martes tuesday tue tues terca terca-feira",
            "miercoles wednesday wed weds quarta quarta-feira",
            "jueves thursday thu thurs thur quinta quinta-feira",
            "viernes friday fri sexta sexta-feira",
            "sabado saturday",
            "domingo sunday",
        )
    )
    for word in words.split()
}
_MONTHS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "enero january jan janeiro ene", "febrero february feb fevereiro fev", "marzo march mar marco",
            "abril april apr abr", "mayo may maio", "junio june jun junho", "julio july jul julho",
            "agosto august aug ago", "septiembre september sep sept setembro set setiembre",
            "octubre october oct outubro out", "noviembre november nov novembro",
            "diciembre december dec dezembro dez dic",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_NUMBERS: Final[dict[str, int]] = {
    "un": 1, "una": 1, "uno": 1, "um": 1, "uma": 1, "a": 1, "one": 1, "dos": 2, "two": 2, "dois": 2, "duas": 2,
    "tres": 3, "three": 3, "cuatro": 4, "four": 4, "quatro": 4, "cinco": 5, "five": 5, "seis": 6, "six": 6,
    "siete": 7, "seven": 7, "sete": 7, "ocho": 8, "diez": 10, "ten": 10, "dez": 10, "quince": 15, "quinze": 15,
}  # fmt: skip
_DAY_OFFSETS: Final[tuple[tuple[str, int], ...]] = (
    (r"pasado manana|depois de amanha|(?:the )?day after tomorrow", 2),
    (r"anteayer|antier|antes de ayer|anteontem|(?:the )?day before yesterday", -2),
    (r"(?<!la )(?<!por )(?<!esta )(?<!todas las )(?<!a )manana|tomorrow|tmrw|tmw|amanha", 1),
    (r"ayer|yesterday|ontem", -1),
    (r"hoy(?: mismo)?|today|hoje|tonight|esta noche|esta tarde|this (?:afternoon|evening|morning)", 0),
)
_OFFSET_WORDS: Final = tuple((re.compile(rf"\b(?:{words})\b"), days) for words, days in _DAY_OFFSETS)
_WEEKDAY: Final = re.compile(
    r"\b(?P<before>next |this |last |proxim[oa] |pasado |passad[oa] |este |esta |nesta |neste |ultim[oa] )?"
    rf"(?P<day>{'|'.join(sorted(_WEEKDAYS, key=len, reverse=True))})\b"
    r"(?P<after>,? (?:que viene|que vem|proxim[oa]|que entra|pasado|passad[oa]|de la semana que viene|of next week|"
    r"next week|da semana que vem|de la (?:otra|proxima) semana|da (?:outra|proxima) semana))?\b"
)
_ORDINALS: Final = re.compile(
    r"\b(?:por |pela |a )?(?:segunda|terca|quarta|quinta|sexta) (?:vez|via|talla|tentativa|opcao|mao|parte)"
)
_MONTH_NAMES: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_MONTH: Final = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|o|º)?(?: de | of | )(?P<month>{_MONTH_NAMES})\b"
    r"(?:,? (?:de |del |of )?(?P<year>20\d\d))?"
)
_MONTH_DAY: Final = re.compile(
    rf"\b(?P<month>{_MONTH_NAMES})\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<year>20\d\d))?"
)
_ISO: Final = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
_NUMERIC: Final = re.compile(
    r"(?<![\d/#-])(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})(?:[/.-](?P<year>20\d\d|\d\d))?(?![\d/-])"
)
_THE_DAY: Final = re.compile(
    r"\b(?:(?:el )?dia|el|para el|the|on the|pro dia) (?P<day>[12]?\d|3[01])(?P<suffix>st|nd|rd|th)?\b"
    r"(?! ?(?:de|%|x|:|\w*a?m\b|pm|horas|hs|h\b|dias|days|a |al |o |por|talla)\b)"
)
_AHEAD: Final = re.compile(
    rf"\b(?:en|dentro de|in|daqui a|em)\s(?P<number>\d{{1,2}}|{'|'.join(_NUMBERS)})\s"
    r"(?P<unit>dias?|days?|semanas?|weeks?)\b"
)
_WEEK: Final = re.compile(
    r"\b(?:la )?(?:semana (?:que viene|que vem|proxima|que entra)|proxima semana|next week|otra semana|outra semana)\b"
)
_WEEKEND: Final = re.compile(r"\b(?:(?:el|este|the|this|no|neste) )?(?:fin de semana|weekend|fim de semana|finde)\b")


BESIDE: Final = 4
"""A weekday this near before a day of the month is that day's name: "lunes, 30 de noviembre" is one day."""


def find_dates(message: Message) -> list[Entity]:
    """Days as ISO dates; a week is its Monday, a week-end its Saturday, a day without a year the nearest one."""
    found: list[Entity] = []
    for start, end, day in _days(message):
        if not any(start < other.end and other.start < end + BESIDE for other in found):
            found.append(message.entity(EntityKind.DATE, start, end, day.isoformat()))
    return sorted(found, key=lambda entity: entity.start)


def _days(message: Message) -> Iterator[tuple[int, int, date]]:
    today, folded = message.now.date(), message.folded
    yield from _dated(message, today)
    blocked = [match.span() for match in _ORDINALS.finditer(folded)]
    for match in _WEEKDAY.finditer(folded):
        if not any(start <= match.start("day") < end for start, end in blocked):
            yield *match.span(), _weekday(match, today)
    for pattern, days in _OFFSET_WORDS:
        for match in pattern.finditer(folded):
            yield *match.span(), today + timedelta(days=days)
    for match in _AHEAD.finditer(folded):
        number = int(match["number"]) if match["number"].isdigit() else _NUMBERS[match["number"]]
        yield *match.span(), today + timedelta(days=number * (7 if match["unit"][0] in "sw" else 1))
    for match in _WEEK.finditer(folded):
        yield *match.span(), today + timedelta(days=7 - today.weekday())
    for match in _WEEKEND.finditer(folded):
        yield *match.span(), today + timedelta(days=max(5 - today.weekday(), 0))


def _dated(message: Message, today: date) -> Iterator[tuple[int, int, date]]:
    for pattern in (_ISO, _DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(message.folded):
            month = int(match["month"]) if match["month"].isdigit() else _MONTHS[match["month"]]
            day = _nearest(today, month, int(match["day"]), match["year"])
            if day:
                yield *match.span(), day
    for match in _NUMERIC.finditer(message.folded):
        if "." in match[0] and not match["year"]:
            continue
        one, two = int(match["one"]), int(match["two"])
        month, number = (one, two) if _month_first(message) and one <= 12 else (two, one)
        day = _nearest(today, month, number, match["year"])
        if day and ("-" not in match[0] or match["year"]):
            yield *match.span(), day
    for match in _THE_DAY.finditer(message.folded):
        if message.language == "en" and not match["suffix"]:
            continue
        day = _coming(today, int(match["day"]))
        if day:
            yield *match.span(), day


def _month_first(message: Message) -> bool:
    return message.language == "en" and message.zone.key.startswith(
        ("America/", "US/", "Pacific/Honolulu", "UTC", "Etc/")
    )


def _nearest(today: date, month: int, day: int, year: str | None) -> date | None:
    years = (int(year) + (2000 if len(year) == 2 else 0),) if year else (today.year - 1, today.year, today.year + 1)
    days = [made for each in years if (made := _made(each, month, day))]
    return min(days, key=lambda made: abs(made - today - timedelta(days=45)), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(today: date, day: int) -> date | None:
    for months in range(3):
        month = today.month - 1 + months
        made = _made(today.year + month // 12, month % 12 + 1, day)
        if made and made >= today:
            return made
    return None


def _weekday(match: re.Match[str], today: date) -> date:
    said = f"{match['before'] or ''} {match['after'] or ''}"
    ahead = (_WEEKDAYS[match["day"]] - today.weekday()) % 7
    if re.search(r"pasado|passad|last|ultim", said):
        return today - timedelta(days=(7 - ahead) % 7 or 7)
    if re.search(r"semana|week", said):
        return today + timedelta(days=7 - today.weekday() + _WEEKDAYS[match["day"]])
    return today + timedelta(days=ahead or 7)
