"""Names of places, where they come from a field that anybody may have written into."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 60
MOST_WORDS: Final = 7
_PLACE: Final = re.compile(r"[^\W_][\w\s.,'’()/-]*")
_SMALL: Final = frozenset("a al an da das de del do dos e el en la las le los of on o the upon und y".split())


def place_name(text: str) -> str:
    """The text when it reads as the name of a place (``Tultitlán, Edo. de México``); else nothing.

    A carrier's scan has a field for the city, and what stands in it is read out to shoppers. Names are short, begin their words
    with capitals or digits and hold neither sentences nor addresses.
    """
    words = text.split()
    if not 0 < len(words) <= MOST_WORDS or len(text) > LONGEST or not _PLACE.fullmatch(text):
        return ""
    named = all(word in _SMALL or not word[:1].islower() for word in (word.strip("(),./'’-") for word in words))
    return text if named else ""
