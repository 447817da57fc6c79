"""Texts as dense vectors: the interface, and the one that needs no model and no network."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import Final, Protocol
from zlib import crc32

import numpy as np

from knowledge.features import Floats, letters
from knowledge.words import words


class Embedder(Protocol):
    """Anything that turns texts into unit vectors of one length."""

    @property
    def name(self) -> str:
        """Changes whenever the same text would get another vector; an index made under another name is rebuilt."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row a text, of length 1 (0 for a text without letters)."""
        ...


class HashedLetters:
    """Runs of three to five letters, hashed and weighed by rarity: near in spelling, near in space."""

    SIZE: Final = 2048

    def __init__(self, background: Sequence[str], rarity: Floats | None = None) -> None:
        """``background`` are texts to learn from which runs are common, such as the phrasings.

        ``rarity`` is what was learnt from them before; without it they are counted when the first text is embedded.
        """
        self._background = background
        self._given = rarity
        digest = sha256("\n".join(background).encode()).hexdigest()
        self.name = f"letters-{self.SIZE}-{digest[:12]}"

    @cached_property
    def rarity(self) -> Floats:
        """How much each column weighs."""
        if self._given is not None:
            return self._given
        seen = np.zeros(self.SIZE, dtype=np.float32)
        for text in self._background:
            seen[list({_column(gram) for gram in letters(words(text))})] += 1
        return (np.log((1 + len(self._background)) / (1 + seen)) + 1).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> Floats:
        """See ``Embedder.embed``."""
        rows = np.zeros((len(texts), self.SIZE), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for gram, count in Counter(letters(words(text))).items():
                row[_column(gram)] += 1 + math.log(count)
        rows *= self.rarity
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def _column(gram: str) -> int:
    return crc32(gram.encode()) % HashedLetters.SIZE
