"""The trained weights: one linear score a label, read from a file and applied with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from agent.understanding.features import SIZE, Rows
from agent.understanding.judge import Judge
from agent.understanding.reading import Intent
from agent.understanding.trees import Trees

Scores: TypeAlias = NDArray[np.float32]

LANGUAGES = ("es", "en", "pt")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a stretch of text adds to each label before normalising: evidence of neighbouring stretches adds up.

    ``heft`` is what to normalise by, ``count`` how many features there are.
    """

    total: Scores
    heft: float
    count: int


@dataclass(frozen=True, slots=True)
class LinearModel:
    """One-vs-rest logistic scores of intents, and of languages, over hashed features.

    ``weights`` has a row for each hashed feature and a column for each label: the intents in their own order, that there
    are several of them, the languages. ``heft`` has each feature's squared rarity: a message is as long as the root of
    their sum. ``judge`` decides on what ``candidates_of`` a message finds.
    """

    weights: NDArray[np.float32]
    heft: NDArray[np.float32]
    bias: Scores
    intents: tuple[Intent, ...]
    judge: Judge
    digest: str

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read a file that training wrote.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: It was not written by this version's training.

        """
        with np.load(path, allow_pickle=False) as stored:
            weights = np.zeros((SIZE, stored["bias"].shape[0]), dtype=np.float32)
            weights[stored["rows"]] = stored["values"].astype(np.float32) * stored["scale"]
            heft = np.full(SIZE, stored["rarest"], dtype=np.float32)
            heft[stored["rows"]] = stored["heft"]
            intents = tuple(Intent(str(name)) for name in stored["intents"])
            if weights.shape[1] != len(intents) + 1 + len(LANGUAGES):
                raise ValueError(f"{path} holds {weights.shape[1]} columns for {len(intents)} intents")
            trees = Trees(stored["asked"], stored["above"], stored["leaves"], float(stored["start"]))
            return cls(weights, heft, stored["bias"], intents, Judge(stored["judge"], trees), str(stored["digest"]))

    def weigh(self, rows: Rows) -> Evidence:
        """Sum the weights of these features."""
        return Evidence(self.weights[rows].sum(axis=0), float(self.heft[rows].sum()), len(rows))

    def intent_logits(self, evidence: Evidence) -> Scores:
        """Log-odds of each intent by itself, in the order of ``intents``."""
        return self._logits(evidence)[: len(self.intents)]

    def several(self, evidence: Evidence) -> float:
        """Log-odds that a message carries more than one intent."""
        return float(self._logits(evidence)[len(self.intents)])

    def language_scores(self, evidence: Evidence) -> Scores:
        """Log-odds of each language, in the order of ``LANGUAGES``."""
        return self._logits(evidence)[len(self.intents) + 1 :]

    def _logits(self, evidence: Evidence) -> Scores:
        logits: Scores = evidence.total / np.float32(max(evidence.heft, 1.0) ** 0.5) + self.bias
        return logits
