"""Stretches of a day, as people ask for them."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind

_OPENS, _CLOSES = "08:00", "21:00"
_PARTS: Final = (
    ((
r"(?:por|en|a|de|da|na|durante) la manana|de manha|pela manha|na parte da manha|(?:in the |"
r"this )?mornings?|temprano|early|bem cedo"
), "08:00-13:00"),
    ((
r"(?:por|en|a|de|esta) la tarde|esta tarde|(?<!mas )(?<!mais )(?<!muy )(?<!tan )\btardecita|(?:a|"
r"de|na|pela|na parte da) tarde|(?:in the |this )?afternoons?|turno tarde|turno de la tarde"
), "13:00-18:00"),
    ((
r"(?:por|en|a|de|esta) la noche|esta noche|(?:a|de|pela) noite|(?:in the |this )?evenings?|"
r"tonight|at night"
), "18:00-21:00"),
    ((
r"al? mediodia|(?:at |around )?(?:noon|midday|lunch ?time)|(?:ao )?meio[- ]dia|hora (?:de comer|"
r"del almuerzo|do almoco)"
), "12:00-14:00"),
)  # fmt: skip
_PART: Final = tuple((re.compile(rf"\b(?:{words})\b"), window) for words, window in _PARTS)
_TIME: Final = (
    r"(?P<{0}>[01]?\d|2[0-3])(?:(?::|h|\.)(?P<{0}m>[0-5]\d))?\s?(?P<{0}p>am|pm|a\.m\.|p\.m\.|de "
    r"la (?:manana|tarde|noche)|da (?:manha|tarde|noite))?(?:\s?(?:hs|hrs|horas|h)\b)?"
)
_THE: Final = r"(?:las? |as |a las |os? )?"
_AFTER: Final = re.compile(
    rf"\b(?:despues de|a partir de|desde|luego de|after|from|past|depois d[aeo]s?|a partir d[aeo]s?|"
    rf"tipo)\s{_THE}{_TIME.format('a')}(?!\s?(?:dias|days|de [a-z]+o\b|/|\d))"
)
_BEFORE: Final = re.compile(
    rf"\b(?:antes de|hasta|before|by|until|till|antes d[aeo]s?|ate)\s{_THE}{_TIME.format('a')}(?!\s?(?:dias|days|/|\d))"
)
_BETWEEN: Final = re.compile(
    rf"\b(?:entre|de|between|from|das?|desde)\s{_THE}{_TIME.format('a')}\s?(?:y|a|and|to|e|as|-|hasta|"
    rf"ate|till|until)\s{_THE}{_TIME.format('b')}(?!\s?(?:dias|days|de [a-z]+o\b|/|\d))"
)
_DASHED: Final = re.compile(rf"(?<![\d-]){_TIME.format('a')}\s?-\s?{_TIME.format('b')}(?<=[mh\d])(?![\d-])")
_TO: Final = re.compile(
    rf"(?<![\d:])(?=\d{{1,2}}(?::\d\d)?\s?[ap]\.?m|\d{{1,2}}:\d\d){_TIME.format('a')}\s?(?:to|till|until|a|as|hasta|ate)\s{_THE}"
    rf"{_TIME.format('b')}(?!\s?(?:dias|days|/|\d))"
)
_AT: Final = re.compile(rf"\b(?:a las|at|as|a la|around|tipo)\s{_TIME.format('a')}(?!\s?(?:dias|days|/|\d))")


def find_windows(message: Message) -> list[Entity]:
    """Time windows as ``HH:MM-HH:MM`` on the 24-hour clock; open ends are the usual delivery day, 08:00 to 21:00."""
    found: list[Entity] = []

    def keep(match: re.Match[str], window: str) -> None:
        if not any(match.start() < other.end and other.start < match.end() for other in found):
            found.append(
                message.entity(EntityKind.TIME_WINDOW, match.start(), match.start() + len(match[0].rstrip()), window)
            )

    for pattern in (_BETWEEN, _DASHED, _TO):
        for match in pattern.finditer(message.folded):
            start, end = _clock(match, "a", match["bp"]), _clock(match, "b", match["bp"])
            if start < end and (pattern is _BETWEEN or "m" in match[0] or "h" in match[0] or ":" in match[0]):
                keep(match, f"{start}-{end}")
    for match in _AFTER.finditer(message.folded):
        keep(match, f"{_clock(match, 'a')}-{max(_CLOSES, _clock(match, 'a'))}")
    for match in _BEFORE.finditer(message.folded):
        keep(match, f"{min(_OPENS, _clock(match, 'a'))}-{_clock(match, 'a')}")
    for match in _AT.finditer(message.folded):
        start = _clock(match, "a")
        keep(match, f"{start}-{min(int(start[:2]) + 1, 23):02d}:{start[3:]}")
    for part, window in _PART:
        for match in part.finditer(message.folded):
            keep(match, window)
    return sorted(found, key=lambda entity: entity.start)


def _clock(match: re.Match[str], which: str, other: str | None = None) -> str:
    hour, minute = int(match[which]), match[f"{which}m"] or "00"
    part = match[f"{which}p"] or other or ""
    if hour < 12 and re.match(r"p|de la (?:tarde|noche)|da (?:tarde|noite)", part):
        hour += 12 if not (match[f"{which}p"] is None and hour >= 8) else 0
    elif not part and 1 <= hour <= 7:
        hour += 12
    elif hour == 12 and part.startswith("a"):
        hour = 0
    return f"{hour:02d}:{minute}"
