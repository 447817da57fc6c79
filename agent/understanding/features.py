"""Hashed features of a message: words, neighbouring words and the n-grams inside each word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from agent.understanding.concepts import concept_of, meaning_of

BITS = 17
SIZE = 1 << BITS
_COPIES = (1, 2, 3)

Rows: TypeAlias = NDArray[np.int32]


def _row(feature: str) -> int:
    return crc32(feature.encode()) & (SIZE - 1)


@lru_cache(maxsize=8192)
def _inside(word: str) -> tuple[int, ...]:
    """Rows of one word and of its n-grams of 3 to 5 letters, word boundaries included."""
    rows = [_row("w:" + word)]
    if len(word) > 2 and word[0] != "0":
        padded = f"<{word}>"
        rows += [_row(padded[i : i + n]) for n in (3, 4, 5) for i in range(len(padded) - n + 1)]
    return tuple(rows)


@lru_cache(maxsize=16384)
def _pair(left: str, right: str) -> int:
    return _row(f"p:{left} {right}")


def rows_of(words: Sequence[str]) -> Rows:
    """Rows of the weight table that these words switch on, each once, in no particular order."""
    rows: set[int] = set()
    previous = "^"
    for word in words:
        rows.update(_inside(word))
        rows.add(_pair(previous, word))
        previous = word
    rows.add(_pair(previous, "$"))
    rows.add(_row(f"n:{min(len(words), 12) // 2}"))
    rows.update(_meant(tuple(concept for word in words if (concept := concept_of(word)))))
    rows.update(_told(tuple(meaning for word in words if (meaning := _meaning(word)))))
    return np.fromiter(rows, dtype=np.int32, count=len(rows))


@lru_cache(maxsize=8192)
def _meant(concepts: tuple[str, ...]) -> frozenset[int]:
    """Rows of the concepts, of neighbours in the order said, and of any two of the message.

    The first two count three times each: a concept is one feature against the dozen of a word's n-grams.
    """
    rows = {_row(f"c{copy}:{concept}") for concept in concepts for copy in _COPIES}
    for left, right in pairwise(concepts):
        rows.update(_row(f"o{copy}:{left} {right}") for copy in _COPIES)
    rows.update(_row(f"a:{left} {right}") for left, right in combinations(sorted(set(concepts)), 2))
    return frozenset(rows)


def _meaning(word: str) -> str | None:
    """The meaning of a word; numbers and the question mark mean themselves."""
    return "#" if word[0] == "0" else "?" if word == "?" else meaning_of(word)


@lru_cache(maxsize=8192)
def _told(meanings: tuple[str, ...]) -> frozenset[int]:
    """Rows of the meanings (three times each), of neighbours (twice) and of those with one between: a language's words
    apart, the same in all three.
    """
    rows = {_row(f"m{copy}:{meaning}") for meaning in meanings for copy in _COPIES}
    for left, right in pairwise(("^", *meanings, "$")):
        rows.update(_row(f"t{copy}:{left} {right}") for copy in _COPIES[:2])
    rows.update(_row(f"s:{left} {right}") for left, right in zip(meanings, meanings[2:], strict=False))
    return frozenset(rows)
