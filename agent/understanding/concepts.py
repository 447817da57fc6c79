"""What a word means to a shop, whichever of the three languages it comes from."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import yaml

_FILE: Final = Path(__file__).parent / "concepts.yaml"


@cache
def _concepts() -> tuple[dict[str, str], dict[str, str]]:
    """Whole words and stems, each with its concept; the first concept that claims one keeps it."""
    whole: dict[str, str] = {}
    stems: dict[str, str] = {}
    listed: dict[str, str] = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    for concept, words in listed.items():
        for word in words.split():
            if word.endswith("*"):
                stems.setdefault(word[:-1], concept)
            else:
                whole.setdefault(word, concept)
    return whole, stems


@lru_cache(maxsize=8192)
def concept_of(word: str) -> str | None:
    """The concept of a folded word, or none."""
    whole, stems = _concepts()
    if word in whole:
        return whole[word]
    return next((stems[word[:length]] for length in range(len(word), 1, -1) if word[:length] in stems), None)
