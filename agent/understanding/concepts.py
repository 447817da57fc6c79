"""What a word means to a shop, whichever of the three languages it comes from: roughly, and more exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import yaml

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Whole words and stems, each with what it means; the first meaning that claims one keeps it."""

    whole: dict[str, str]
    stems: dict[str, str]

    def look_up(self, word: str) -> str | None:
        if word in self.whole:
            return self.whole[word]
        lengths = range(len(word), 1, -1)
        return next((self.stems[word[:length]] for length in lengths if word[:length] in self.stems), None)


@cache
def _lexicon(file: str) -> _Lexicon:
    found = _Lexicon({}, {})
    listed: dict[str, str] = yaml.load((_HERE / file).read_text("utf-8"), Loader=yaml.CSafeLoader)
    for meaning, words in listed.items():
        for word in words.split():
            (found.stems if word.endswith("*") else found.whole).setdefault(word.rstrip("*"), meaning)
    return found


@lru_cache(maxsize=8192)
def concept_of(word: str) -> str | None:
    """The rough concept of a folded word, one of some seventy, or none."""
    return _lexicon("concepts.yaml").look_up(word)


@lru_cache(maxsize=8192)
def meaning_of(word: str) -> str | None:
    """What a folded word says more exactly, one of some two hundred meanings; none for words of grammar and unknown ones."""
    return _lexicon("meanings.yaml").look_up(word)
