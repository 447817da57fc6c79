"""What a line means, by weights learnt from examples: one linear score a meaning, applied with numpy alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agent.escalation.meaning import Meaning
from agent.escalation.signals import Signal
from agent.escalation.traits import SIZE, Rows, rows_of
from agent.understanding.text import words_of

_ALONE: Final = 0.1
"""How much surer a part of a message has to be than the whole."""

_LONG: Final = 16
_CLAUSE: Final = re.compile(r",\s*|\s+(?=(?:y|pero|porque|and|but|because|e|mas|porque|so|pois)\s)")
_END: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
NOTHING: Final[Mapping[Meaning, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sense:
    """Weights, a row a hashed feature and a column a meaning, in the order of ``Meaning``. Safe to share."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Sense:
        """Read a file that ``learning.learn`` wrote.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: It was not written by this version's training.

        """
        with np.load(path, allow_pickle=False) as stored:
            weights = np.zeros((SIZE, len(Meaning)), dtype=np.float32)
            if stored["values"].shape[1] != len(Meaning):
                raise ValueError(f"{path} holds {stored['values'].shape[1]} meanings, not {len(Meaning)}")
            weights[stored["rows"]] = stored["values"].astype(np.float32) * stored["scale"]
            return cls(weights, stored["bias"])

    def meanings(self, text: str, heard: Iterable[Signal], turned_down: Iterable[Signal]) -> Mapping[Meaning, float]:
        """Each meaning's margin: above 0 the line rather means it than not, 1 and more is certain."""
        words = words_of(text)
        if not any(word.isalpha() for word in words):
            return NOTHING
        margins = self.margins(rows_of(words, heard, turned_down))
        for part in _parts(text):
            margins = np.maximum(margins, self.margins(rows_of(words_of(part), (), ())) - _ALONE)
        return dict(zip(Meaning, margins.tolist(), strict=True))

    def margins(self, rows: Rows) -> NDArray[np.float32]:
        """The margins in the order of ``Meaning``."""
        total: NDArray[np.float32] = self.weights[rows].sum(axis=0) / np.float32(len(rows) ** 0.5) + self.bias
        return total


def _parts(text: str) -> list[str]:
    """The sentences of a message of several; of a long sentence, any two neighbouring clauses."""
    parts: list[str] = []
    for sentence in _END.split(text):
        words = sentence.count(" ") + 1
        if words > _LONG:
            clauses = [clause for clause in _CLAUSE.split(sentence) if clause.strip()]
            parts += [f"{one} {other}" for one, other in pairwise(clauses)]
        elif words > 2:
            parts.append(sentence)
    return parts if len(parts) > 1 else []
