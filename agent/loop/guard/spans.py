"""Finds how long something is said to take, and at what hour it is said to happen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = {
    1: "un una one um uma", 2: "dos two dois duas", 3: "tres three três", 4: "cuatro four quatro", 5: "cinco five",
    6: "seis six", 7: "siete seven sete", 8: "ocho eight oito", 9: "nueve nine nove", 10: "diez ten dez",
    12: "doce twelve doze", 15: "quince fifteen quinze", 20: "veinte twenty vinte", 24: "veinticuatro",
    30: "treinta thirty trinta", 48: "cuarenta y ocho",
}  # fmt: skip
_NUMBERS = {word: number for number, words in _WORDS.items() for word in words.split()} | {"cuarenta y ocho": 48}
_UNITS = {
    "minute": r"minut(?:e|o)s?|mins?",
    "hour": r"hours?|horas?|hrs?",
    "day": r"d[ií]as?|days?|dias?",
    "week": r"semanas?|weeks?",
    "month": r"mes(?:es)?|m[eê]s(?:es)?|months?",
    "year": r"años?|anos?|years?",
    "time": r"veces|vezes|times",
}
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS.items())
_ANY_UNIT = re.compile("|".join(_UNITS.values()), re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_NUMBER = r"\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_LASTING = re.compile(
    rf"(?P<ahead>\b(?:en|in|within|dentro de|em|daqui a|after|tras|após|otros|outros|another)(?: (?:unos|the next|"
    rf"los próximos|solo|just|até|hasta|about|menos de|less than|só))? )?(?P<behind>\b(?:hace|há|faz|desde hace)(?: (?:más de|"
    rf"mais de|unos))? )?(?<![\w.,:/-])(?:(?P<low>{_NUMBER})(?: ?[-–] ?| (?:a|to|o|or|ou|y|and|e) ))?(?P<high>{_NUMBER})"
    rf"[ -](?:business |working |full |calendar |more |whole )?(?:{_UNIT})\b(?! (?:a|al) (?:day|d[ií]a|week|semana)| (?:o|por) dia)"
    rf"(?P<ago> (?:ago|atr[aá]s)\b)?(?P<late> (?:late|overdue|de retraso|de atraso|tarde|atrasad[oa])\b)?",
    re.IGNORECASE,
)
_VAGUE = frozenset({"minute", "hour", "day"})
"""Units of which "one" is said of no particular one: "un día", "in a minute"."""
_ALL_DAY = re.compile(
    r"\b(?:las|the|as) 24 (?:horas|hours)\b|\b24 ?(?:horas|hours|h)? ?(?:al día|a day|por dia)\b|24/7"
)
_ATTEMPTS = re.compile(r'"attempts":\s?(\d{1,3})\b')
_COUNT_FIELD = re.compile(r'"(?:\w+_)?(minute|hour|day)s(?:_\w+)?":\s?"?(\d{1,4})\b')
_NEED = re.compile(r'\{[^{}]*"fact":\s?"(?:\w+_)?(day|hour|minute)s(?:_\w+)?"[^{}]*\}')
"""A fact that a rule asks for: ``{"actual":31,"fact":"days_since_delivery","operator":"at_most","value":30}``."""
_COUNT = re.compile(r'":\s?(\d{1,4})(?![\d."])')

_HALF = r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)"
_CLOCK = re.compile(rf"(?<![\w:.,-])(?P<hour>\d{{1,2}})[:h](?P<minute>[0-5]\d)(?![\d:])(?:h\b)?{_HALF}?", re.IGNORECASE)
_OCLOCK = re.compile(rf"(?<![\w:.,/$€-])(?P<hour>\d{{1,2}}){_HALF}", re.IGNORECASE)
_HOUR = re.compile(r"(?<![\w:.,/$€-])(?P<hour>\d{1,2})\s?h(?:s|rs)?\b(?!\d)", re.IGNORECASE)
_FROM = re.compile(
    r"(?<![\w:.,/$€-])(?P<hour>\d{1,2})(?: ?[-–] ?| (?:a|às|to|and|y|e) )(?=\d{1,2}\s?(?:h\b|hs\b|hrs\b|[ap]\.?\s?m\b))",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\b(?:a la|a las|las|às|as|antes das|depois das|until|before|after|by|at)\s(?P<hour>\d{1,2})"
    r"(?! ?(?:%|º|\w)|[:h.,/-]\d)(?=\s*(?:$|[,.;!?)]))",
    re.IGNORECASE | re.MULTILINE,
)
_ISO_TIME = re.compile(r"\dT([01]\d|2[0-3]):([0-5]\d)")

Time = frozenset[tuple[int, int]]
"""``(hour, minute)``; both halves of the day where the text leaves that open."""


@dataclass(frozen=True, slots=True)
class Span:
    """So many of a unit. ``way``: 1 counted ahead from today, -1 back, 0 neither said; ``exact``: not from today at all."""

    count: int
    unit: str
    way: int = 0
    exact: bool = False

    @property
    def days(self) -> int | None:
        """The same in days, where it is whole days."""
        if self.unit == "hour":
            return self.count // 24 if self.count % 24 == 0 else None
        return {"day": self.count, "week": self.count * 7}.get(self.unit)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count != 1 else ''}"


def spans_in(text: str) -> frozenset[Span]:
    """Every duration that is given as a number of minutes to years; both ends of "3 to 5 days"."""
    return frozenset(_spans(_ALL_DAY.sub(" ", text))) if _ANY_UNIT.search(text) else frozenset()


def span_fields(text: str) -> frozenset[Span]:
    """Durations in a tool's JSON: ``"days_late":4``, ``"keeps_days":10``, and what a rule wanted and found."""
    fields = {Span(int(count), unit) for unit, count in _COUNT_FIELD.findall(text)}
    fields |= {Span(int(count), "time") for count in _ATTEMPTS.findall(text)}
    for need in _NEED.finditer(text):
        fields |= {Span(int(count), need.group(1)) for count in _COUNT.findall(need.group())}
    return frozenset(fields)


def times_in(text: str) -> frozenset[Time]:
    """Every hour of the day that is named."""
    if not _DIGIT.search(text):
        return frozenset()
    plain = _ALL_DAY.sub(" ", text)
    patterns = (_CLOCK, _OCLOCK, _HOUR, _FROM, _AT)
    return frozenset(_time(match.groupdict()) for pattern in patterns for match in pattern.finditer(plain))


def time_fields(text: str) -> frozenset[Time]:
    """The hours of a JSON's times, as they are where it happens."""
    return frozenset(frozenset({(int(hour), int(minute))}) for hour, minute in _ISO_TIME.findall(text))


def _spans(text: str) -> Iterator[Span]:
    for match in _LASTING.finditer(text):
        unit = next(name for name in _UNITS if match.group(name))
        way = -1 if match.group("behind") or match.group("ago") else int(bool(match.group("ahead")))
        for written in (match.group("low"), match.group("high")):
            if written is None:
                continue
            count = _NUMBERS.get(written.lower()) or int(written)
            if count > 1 or unit not in _VAGUE or written.isdigit() or written.lower() == "one":
                yield Span(count, unit, way, bool(match.group("late")))


def _time(read: dict[str, str | None]) -> Time:
    hour, minute, half = int(read["hour"] or 0), int(read.get("minute") or 0), (read.get("half") or "").lower()
    if half and hour <= 12:
        return frozenset({(hour % 12 + (12 if half == "p" else 0), minute)})
    return frozenset({(hour, minute), (hour + 12, minute)}) if 0 < hour < 12 else frozenset({(hour, minute)})
