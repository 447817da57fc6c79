"""What shoppers say for one thing, in the three languages, kept as a file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from agent.understanding.text import fold

FILE = Path(__file__).with_name("vocabulary.yaml")


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    read = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        table: {meaning: tuple(fold(str(phrase)) for phrase in phrases) for meaning, phrases in meanings.items()}
        for table, meanings in read.items()
    }


@lru_cache(maxsize=4096)
def meaning_of(table: str, text: str) -> str:
    """The first meaning of that table whose phrases are in the text; empty for none. A phrase begins at a word."""
    folded = f" {' '.join(fold(text).split())} "
    for meaning, phrases in _tables()[table].items():
        if any(_begins(folded, phrase) for phrase in phrases):
            return meaning
    return ""


def _begins(folded: str, phrase: str) -> bool:
    at = folded.find(phrase)
    while at >= 0:
        if not folded[at - 1].isalnum():
            return True
        at = folded.find(phrase, at + 1)
    return False
