"""A question as numbers for the topic ranker: hashed letters, words and concepts, side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from knowledge.concepts import Concepts
from knowledge.words import words

SIZE: Final = 2**17
"""Columns that features are hashed into."""

_KINDS: Final = "cwk"
"""Characters, words, concepts: the first letter of a feature's name."""

_SHARES: Final = (0.45, 0.2, 0.35)
"""How much of a row's length goes to each kind."""

_DIGITS: Final = re.compile(r"\d+")

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """Turns text into rows of unit length. ``rarity`` is the idf of each column, learnt from the examples."""

    concepts: Concepts
    rarity: Floats

    @classmethod
    def learn(cls, texts: Sequence[str], concepts: Concepts) -> Features:
        """Count in how many texts each column occurs; the rarer the column, the more it weighs."""
        seen = np.zeros(SIZE, dtype=np.float32)
        for text in texts:
            seen[list({_column(name)[0] for name in _names(text, concepts)})] += 1
        return cls(concepts, (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32))

    def row(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        """Columns and weights of a text; a column may occur twice, to be added up."""
        counted = Counter(_names(text, self.concepts))
        if not counted:
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
        placed = np.array([_column(name) for name in counted], dtype=np.intp)
        kinds = np.array([_KINDS.index(name[0]) for name in counted])
        weights = placed[:, 1] * self.rarity[placed[:, 0]] * (1 + np.log(np.fromiter(counted.values(), float)))
        lengths = np.sqrt(np.bincount(kinds, weights * weights, len(_KINDS)))
        return placed[:, 0], (weights * np.sqrt(_SHARES)[kinds] / lengths[kinds]).astype(np.float32)


def letters(said: Iterable[str], shortest: int = 3, longest: int = 5) -> Iterator[str]:
    """Every run of letters inside each word, the spaces around the word counted as letters."""
    for word in said:
        padded = f" {word} "
        for length in range(shortest, longest + 1):
            if len(padded) <= length:
                yield padded
                break
            yield from (padded[at : at + length] for at in range(len(padded) - length + 1))


def _names(text: str, concepts: Concepts) -> Iterator[str]:
    said = [_DIGITS.sub("0", word) for word in words(text)]
    yield from (f"c{gram}" for gram in letters(said, shortest=2))
    yield from (f"w{word}" for word in said)
    yield from (f"w{first} {second}" for first, second in pairwise(said))
    found = concepts.find(text)
    yield from (f"k{concept}" for concept in found)
    yield from (f"k{first}+{second}" for first, second in combinations(found, 2))


def _column(name: str) -> tuple[int, int]:
    """Where a feature goes and with which sign, so that two that collide cancel out on average."""
    code = crc32(name.encode())
    return code % SIZE, 1 if code & 0x80000000 else -1
