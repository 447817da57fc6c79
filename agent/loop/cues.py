"""Words that show a wish, and where in a message they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from agent.loop.signs import spelled
from agent.understanding.clauses import cut
from agent.understanding.text import fold

FILE = Path(__file__).with_name("wishes.yaml")


def shows(intent: str, text: str) -> bool:
    """Whether a word of the text shows that intent; true for an intent without such words."""
    cue = _tables()["cues"].get(intent)
    return cue is None or cue.search(spelled(text)) is not None


def about_an_order(words: str) -> str:
    """What a question about the rules wants once it is about one's own order; empty when it only wants to know."""
    return _first("of_an_order", words)


def said_plainly(text: str) -> str:
    """The intent that these words mean whatever else was read; mostly empty."""
    return _first("plainly", text)


def spans_of(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Each wish begins with the clause of the first word that shows it; all have the whole text when one has none."""
    if not names:
        return []
    folded = fold(text)
    clauses = [start for start, _ in cut(folded)]
    starts = [0]
    for name in names[1:]:
        later = [start for start in clauses if start > starts[-1]]
        found = [
            start for start in later if _tables()["cues"][name].search(folded, start, _end(start, clauses, folded))
        ]
        if not found:
            return [(0, len(text))] * len(names)
        starts.append(found[0])
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, re.Pattern[str]]]:
    read = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        table: {intent: re.compile(rf"\b(?:{stems})") for intent, stems in rows.items()} for table, rows in read.items()
    }


def _first(table: str, text: str) -> str:
    folded = spelled(text)
    return next((intent for intent, pattern in _tables()[table].items() if pattern.search(folded)), "")


def _end(start: int, clauses: Sequence[int], folded: str) -> int:
    return next((one for one in clauses if one > start), len(folded))
