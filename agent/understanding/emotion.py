"""How upset a message sounds: words with weights, made stronger or weaker by how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from agent.understanding.reading import Emotion
from agent.understanding.text import fold

_FILE: Final = Path(__file__).parent / "emotion.yaml"
_SHOUT: Final = re.compile(r"\b[^\W\d_a-zà-ÿ]{3,}\b")
_MARKS: Final = re.compile(r"[!?]{2,}")
_LONG: Final = re.compile(r"([a-z])\1{3,}")
_LAUGH: Final = re.compile(
    r"\b(?:(?:ja){2,}j?|(?:ha){2,}h?|k{3,}|(?:rs)+|lol|lmao)\b|[\U0001F600-\U0001F606\U0001F60A\U0001F60D\U0001F970❤]"
)


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    strong: list[str]
    medium: list[str]
    mild: list[str]
    calm: list[str]
    softeners: list[str]
    negations: list[str]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    weighted: tuple[tuple[re.Pattern[str], float], ...]
    calm: re.Pattern[str]
    softener: re.Pattern[str]
    negation: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    words = _Words.model_validate(yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader))
    levels = ((words.strong, 2.2), (words.medium, 1.3), (words.mild, 0.7))
    return _Lexicon(
        weighted=tuple((_any_of(entries), weight) for entries, weight in levels),
        calm=_any_of(words.calm),
        softener=_any_of(words.softeners),
        negation=re.compile(rf"\b(?:{'|'.join(words.negations)})\W+(?:\w+\W+){{0,2}}$"),
    )


def _any_of(entries: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{entry})(?!\w)" for entry in entries))


def read_emotion(text: str) -> Emotion:
    """Frustration 0..1 and the words that show it; negated and friendly uses do not count."""
    folded = fold(text)
    lexicon = _lexicon()
    softened = _spans(lexicon.softener, folded)
    force, evidence = 0.0, dict[str, None]()
    for pattern, weight in lexicon.weighted:
        for match in pattern.finditer(folded):
            inside = any(start <= match.start() < end for start, end in softened)
            if not inside and not lexicon.negation.search(folded[: match.start()]):
                force += weight
                evidence[text[match.start() : match.end()]] = None
    raised, shown = _voice(text, folded)
    if raised:
        force = force * (1.0 + raised) + 0.5 * raised
        evidence.update(shown)
    force -= 1.0 * len(_spans(lexicon.calm, folded))
    if _LAUGH.search(folded) and force < 2.5:
        force *= 0.6
    if force <= 0:
        return Emotion(0.0, ())
    return Emotion(round(1.0 - exp(-force / 2.4), 2), tuple(evidence))


def _spans(pattern: re.Pattern[str], folded: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(folded)]


def _voice(text: str, folded: str) -> tuple[float, dict[str, None]]:
    """How much louder than plain text this is, and the words that make it so."""
    shown: dict[str, None] = {}
    raised = 0.0
    shouts = _SHOUT.findall(text)
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) >= 10 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters):
        raised += 0.6
    elif len([shout for shout in shouts if len(shout) > 3]) >= 1 and len(letters) > 20:
        raised += 0.25
        shown[next(shout for shout in shouts if len(shout) > 3)] = None
    for match in _MARKS.finditer(text):
        raised += 0.15 * min(len(match[0]), 4)
        shown[match[0]] = None
    raised += 0.1 * len(_LONG.findall(folded))
    return min(raised, 1.2), shown
