"""Features of a line: its words, neighbouring words, what the words stand for, and the signals that the lexicon hears."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np
import yaml
from numpy.typing import NDArray

from agent.escalation.lexicon import LOADER
from agent.escalation.signals import Signal
from agent.understanding.concepts import concept_of
from agent.understanding.text import fold

SIZE: Final = 1 << 17
_FILE: Final = Path(__file__).parent / "concepts.yaml"
_COPIES: Final = 3
_SIGNAL_COPIES: Final = 4
_STEM: Final = 5
_TELLING: Final = frozenset(Signal) - {
    Signal.NEED,
    Signal.REQUEST_TOPIC,
    Signal.LOSS,
    Signal.PARTY,
    Signal.TANGLE,
    Signal.VALUE,
    Signal.YES,
    Signal.NO,
    Signal.RELIEF,
    Signal.INFANT,
}
"""Signals that an ordinary message seldom carries."""

Rows: TypeAlias = NDArray[np.int32]


def rows_of(words: Sequence[str], heard: Iterable[Signal], turned_down: Iterable[Signal]) -> Rows:
    """Rows of the weight table that the line switches on, each once.

    ``words`` are those of ``agent.understanding.text.words_of``. A concept or a signal is one feature against many
    of the words', and so counts several times.
    """
    rows: set[int] = {_row(f"n:{min(len(words), 24) // 3}")}
    for word in words:
        rows.update(_of_word(word))
    rows.update(_pair(left, right) for left, right in pairwise(("^", *words, "$")))
    concepts = sorted({concept for word in words for concept in concepts_of(word)})
    for concept in concepts:
        rows.update(_copies("c", concept, _COPIES))
    rows.update(_together(one, other) for one, other in combinations(concepts, 2))
    for signal in _TELLING.intersection(heard):
        rows.update(_copies("s", signal, _SIGNAL_COPIES))
    rows.update(_row(f"t:{signal}") for signal in turned_down)
    return np.fromiter(rows, dtype=np.int32, count=len(rows))


@lru_cache(maxsize=8192)
def concepts_of(word: str) -> frozenset[str]:
    """Every concept that claims the folded word: as a whole, or else by the longest stem."""
    whole, stems = _concepts()
    if word in whole:
        return whole[word]
    lengths = range(len(word), 1, -1)
    return next((stems[word[:length]] for length in lengths if word[:length] in stems), frozenset())


@cache
def _concepts() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    whole: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    listed: dict[str, str] = yaml.load(_FILE.read_text("utf-8"), Loader=LOADER)
    for concept, words in listed.items():
        for word in fold(words).split():
            claimed, key = (stems, word[:-1]) if word.endswith("*") else (whole, word)
            claimed[key] = claimed.get(key, frozenset()) | {concept}
    return whole, stems


@lru_cache(maxsize=8192)
def _of_word(word: str) -> tuple[int, ...]:
    rows = [_row(f"w:{word}")]
    if len(word) > _STEM:
        rows.append(_row(f"x:{word[:_STEM]}"))
    if shared := concept_of(word):
        rows.append(_row(f"u:{shared}"))
    return tuple(rows)


@lru_cache(maxsize=16384)
def _pair(left: str, right: str) -> int:
    return _row(f"p:{left} {right}")


@lru_cache(maxsize=8192)
def _together(one: str, other: str) -> int:
    return _row(f"a:{one} {other}")


@lru_cache(maxsize=1024)
def _copies(kind: str, name: str, times: int) -> tuple[int, ...]:
    return tuple(_row(f"{kind}{copy}:{name}") for copy in range(times))


def _row(feature: str) -> int:
    return crc32(feature.encode()) & (SIZE - 1)
