"""What shoppers say for one thing, in the three languages, kept as a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from agent.understanding.text import fold

FILE = Path(__file__).with_name("vocabulary.yaml")
CLAUSE_END = r"(?=\W*(?:$|[.,;!?]))"
SOME_WORDS = r"(?:\S+ ){0,4}?"


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    read = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        table: {meaning: _pattern([str(phrase) for phrase in phrases]) for meaning, phrases in meanings.items()}
        for table, meanings in read.items()
    }


@lru_cache(maxsize=4096)
def meaning_of(table: str, text: str) -> str:
    """The first meaning of that table whose phrases are in the text; empty for none. A phrase begins at a word."""
    plain = " ".join(fold(text).split())
    return next((meaning for meaning, pattern in _tables()[table].items() if pattern.search(plain)), "")


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """Any of the phrases; ``..`` in one stands for a few words, ``$`` for the end of a clause."""
    spoken = (re.escape(fold(one)).replace(r"\.\.\ ", SOME_WORDS).replace(r"\$", CLAUSE_END) for one in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spoken)})")
