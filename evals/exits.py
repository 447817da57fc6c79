"""Requests for a person as people make them, by a grammar, and the places of a conversation at which they come."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("exits")
LANGUAGES = ("es", "en", "pt")
SHOPPERS = {"es": "lucia-hernandez", "en": "olivia-nguyen", "pt": "mariana-souza"}
"""A signed-in customer of the demo shop for each language, whose orders the flows speak of."""

ANONYMOUS = frozenset({"identity"})
"""Flows of somebody who has not shown who they are."""

PERSON, CLAIM, RETURN = "PERSON", "CLAIM", "RETURN"
"""Steps of a flow that are no words: a plain request, and what a person at the desk does."""

_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_ACCENTS = str.maketrans("áéíóúâêôãõçÁÉÍÓÚ", "aeiouaeoaocAEIOU")


@dataclass(frozen=True, slots=True)
class Exits:
    """One language: ``asks`` by register, what stands ``before``, ``after`` and ``around`` them, and ``flows`` by name."""

    language: str
    who: tuple[str, ...]
    asks: Mapping[str, tuple[str, ...]]
    before: tuple[str, ...]
    after: tuple[str, ...]
    around: tuple[str, ...]
    flows: Mapping[str, tuple[str, ...]]
    person: str


@cache
def read_exits(language: str) -> Exits:
    """The grammar of that language. KeyError and TypeError for a file that is not one."""
    read: Mapping[str, Any] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    parts = {name: tuple(read[name]) for name in ("who", "before", "after", "around")}
    named = {name: {key: tuple(value) for key, value in read[name].items()} for name in ("asks", "flows")}
    return Exits(language=language, person=read["person"], **parts, **named)  # type: ignore[arg-type]


def phrase(ask: str, who: str, before: str = "", after: str = "", around: str = "{ask}") -> str:
    """A request, put together: politeness stays with the words that ask, whatever they stand in."""
    words = f"{before}{ask.format(who=who)}"
    if after and words.endswith("?"):
        words = f"{words[:-1]}{after.rstrip('.')}?" if not after.startswith(".") else f"{words}{after[1:]}"
    else:
        words = f"{words}{after}"
    return around.format(ask=words)


def spoil(text: str, kind: str, at: int, kept: Sequence[str] = ()) -> str:
    """The text as it is typed in a hurry; ``at`` chooses the word (of five letters or more), ``kept`` are left alone.

    ``plain``: no accents and no signs. ``lower``, ``upper``, ``swap`` (two letters), ``drop`` (one letter), ``double``.
    """
    if kind == "plain":
        return re.sub(r"[¿¡,.?!]", "", text.translate(_ACCENTS))
    if kind in ("lower", "upper"):
        return text.lower() if kind == "lower" else text.upper()
    words = [one for one in _LONG_WORD.finditer(text) if one[0].lower() not in kept]
    if kind not in ("swap", "drop", "double") or not words:
        return text
    word = words[at % len(words)]
    place = word.start() + 1 + at % (len(word[0]) - 3)
    if kind == "drop":
        return text[:place] + text[place + 1 :]
    if kind == "double":
        return text[: place + 1] + text[place:]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
