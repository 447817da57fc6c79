"""Which of the requests that could be in a message are: learnt from examples with one and with several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from agent.understanding.reading import Intent
from agent.understanding.trees import Floats, Trees

FIGURES: Final = 31
"""How many figures describe a candidate."""

MARKS: Final = 2 * len(Intent) + len(Intent) ** 2
"""How many marks it may bear: which intent it is, which beside the best one, and which beside which best one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that may be in a message, in which run of clauses, its figures and the places of its marks."""

    column: int
    span: tuple[int, int]
    figures: Floats
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """A weighing of figures and marks, and trees that see how figures go together.

    ``weights`` has one for each figure, then one for each mark; the trees see the figures and what the weighing makes of
    them.
    """

    weights: Floats
    trees: Trees

    def chances(self, candidates: Sequence[Candidate]) -> list[float]:
        """How likely each candidate is in the message, 0 to 1."""
        log_odds = self.trees.log_odds(weighed(self.weights, candidates))
        return [float(chance) for chance in 1.0 / (1.0 + np.exp(-log_odds))]


def weighed(weights: Floats, candidates: Sequence[Candidate]) -> Floats:
    """A row a candidate: its figures, and what the weights make of them and of its marks."""
    figures = np.array([candidate.figures for candidate in candidates])
    marks = np.array([weights[FIGURES:][list(candidate.marks)].sum() for candidate in candidates], dtype=np.float32)
    rows: Floats = np.column_stack((figures, figures @ weights[:FIGURES] + marks))
    return rows
