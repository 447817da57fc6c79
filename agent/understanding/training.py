"""Training: from the example files to the weights. The only module that knows scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from agent.understanding.digest import EXAMPLES, digest_of
from agent.understanding.examples import Example, load_examples
from agent.understanding.features import SIZE, Rows, rows_of
from agent.understanding.model import LANGUAGES
from agent.understanding.noise import misspell
from agent.understanding.reading import Intent
from agent.understanding.text import words_of

_STRICTNESS = 30.0
"""Inverse strength of the L2 penalty, chosen by cross-validation over the examples."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What training saw: sentences a language and an intent (choices spelled out), and the file's digest."""

    sentences: int
    by_language: dict[str, int]
    by_intent: dict[str, int]
    digest: str
    path: Path


def train(examples_dir: Path = EXAMPLES, out_path: Path = Path("understanding.npz")) -> TrainingReport:
    """Train on every example file and write the weights; the same examples give the same bytes.

    Raises:
        ValueError: An example file cannot be read, or an intent has no example.
    """
    examples = load_examples(examples_dir)
    digest = digest_of(examples_dir)
    weights, bias = fit(examples)
    used = np.flatnonzero(np.abs(weights).max(axis=1) > 0)
    scale = np.float32(np.abs(weights).max() / 127.0)
    out_path.parent.mkdir(parents=True, exist_ok=True)
    with out_path.open("wb") as file:
        np.savez_compressed(
            file,
            rows=used.astype(np.int32),
            values=np.rint(weights[used] / scale).astype(np.int8),
            scale=scale,
            bias=bias,
            intents=np.array([intent.value for intent in Intent]),
            digest=np.array(digest),
        )
    return TrainingReport(
        sentences=len(examples),
        by_language=dict(Counter(example.language for example in examples)),
        by_intent=dict(Counter(intent.value for example in examples for intent in example.intents)),
        digest=digest,
        path=out_path,
    )


def fit(examples: Sequence[Example]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (features x labels) and bias of one logistic regression a label.

    Raises:
        ValueError: An intent or a language has no example.
    """
    seen = [*examples, *_misspelt(examples)]
    matrix = _matrix([rows_of(words_of(example.text)) for example in seen])
    columns = np.unique(matrix.indices)
    compact = matrix[:, columns]
    labels = [*_intent_targets(seen), *_language_targets(seen)]
    weights = np.zeros((SIZE, len(labels)), dtype=np.float32)
    bias = np.zeros(len(labels), dtype=np.float32)
    for column, target in enumerate(labels):
        if not target.any():
            raise ValueError(f"no example for {[*Intent, *LANGUAGES][column]}")
        fitted = LogisticRegression(C=_STRICTNESS, solver="liblinear", dual=True, tol=0.02, random_state=7)
        fitted.fit(compact, target)
        weights[columns, column] = fitted.coef_[0]
        bias[column] = fitted.intercept_[0]
    return weights, bias


def _misspelt(examples: Iterable[Example]) -> list[Example]:
    noisy = (
        Example(misspell(example.text, Random(example.text)), example.language, example.intents)
        for example in examples
    )
    return [copy for copy, example in zip(noisy, examples, strict=True) if copy.text != example.text]


def _matrix(rows: Sequence[Rows]) -> csr_matrix:
    counts = np.array([len(row) for row in rows])
    values = np.repeat(1.0 / np.sqrt(counts), counts)
    starts = np.concatenate(([0], np.cumsum(counts)))
    return csr_matrix((values, np.concatenate(rows), starts), shape=(len(rows), SIZE))


def _intent_targets(examples: Sequence[Example]) -> list[NDArray[np.bool_]]:
    return [np.array([intent in example.intents for example in examples]) for intent in Intent]


def _language_targets(examples: Sequence[Example]) -> list[NDArray[np.bool_]]:
    return [np.array([example.language == language for example in examples]) for language in LANGUAGES]
