"""Boosted trees whose every level asks one question of all: few enough to store, and applied with a handful of array steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BINS: Final = 32
_DEPTH: Final = 4
_RATE: Final = 0.1
_DAMPING: Final = 3.0
"""What is added to the weight of a leaf, so that few examples do not decide it."""


@dataclass(frozen=True, slots=True)
class Trees:
    """``asked`` (trees x levels) is the figure that each level asks for, ``above`` the value it compares with; ``leaves``
    (trees x 16) is what each tree adds to the log-odds, by the answers read as binary digits; ``start`` those before any.
    """

    asked: NDArray[np.int16]
    above: Floats
    leaves: Floats
    start: float

    def log_odds(self, figures: Floats) -> Floats:
        """One for each row of ``figures``."""
        answers = figures[:, self.asked] > self.above
        reached = answers @ (1 << np.arange(_DEPTH)[::-1])
        total: Floats = self.leaves[np.arange(len(self.leaves)), reached].sum(axis=1) + np.float32(self.start)
        return total


def grow(figures: Floats, truths: NDArray[np.bool_], rounds: int) -> Trees:
    """Learn ``rounds`` trees from rows of figures, each tree from what those before it got wrong; the same each time."""
    borders = [np.unique(np.quantile(column, np.linspace(0, 1, _BINS + 1)[1:-1])) for column in figures.T]
    binned = [
        np.searchsorted(border, column, side="left").astype(np.int64)
        for border, column in zip(borders, figures.T, strict=True)
    ]
    start = float(np.log(truths.mean() / (1 - truths.mean())))
    odds = np.full(len(truths), start)
    asked, above, leaves = [], [], []
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-odds))
        pull, weight = truths - chance, chance * (1 - chance)
        reached = np.zeros(len(truths), dtype=np.int64)
        for level in range(_DEPTH):
            column, border = _best_question(binned, borders, reached, 1 << level, pull, weight)
            asked.append(column)
            above.append(borders[column][border])
            reached = 2 * reached + (binned[column] > border)
        steps = np.bincount(reached, pull, 1 << _DEPTH) / (np.bincount(reached, weight, 1 << _DEPTH) + _DAMPING)
        leaves.append(_RATE * steps)
        odds += leaves[-1][reached]
    return Trees(
        np.array(asked, dtype=np.int16).reshape(rounds, _DEPTH),
        np.array(above, dtype=np.float32).reshape(rounds, _DEPTH),
        np.array(leaves, dtype=np.float32),
        start,
    )


def _best_question(
    binned: list[NDArray[np.int64]],
    borders: list[NDArray[np.float64]],
    reached: NDArray[np.int64],
    nodes: int,
    pull: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> tuple[int, int]:
    """The column and the border that part all nodes best, by what a step on either side would gain."""
    best = (-1.0, 0, 0)
    for column, bins in enumerate(binned):
        if not len(borders[column]):
            continue
        place = reached * _BINS + bins
        pulls = np.bincount(place, pull, nodes * _BINS).reshape(nodes, _BINS)
        weights = np.bincount(place, weight, nodes * _BINS).reshape(nodes, _BINS)
        low, light = pulls.cumsum(axis=1), weights.cumsum(axis=1)
        high, heavy = low[:, -1:] - low, light[:, -1:] - light
        gains = (low**2 / (light + _DAMPING) + high**2 / (heavy + _DAMPING)).sum(axis=0)[: len(borders[column])]
        border = int(gains.argmax())
        if gains[border] > best[0] + 1e-9:
            best = (float(gains[border]), column, border)
    return best[1], best[2]
