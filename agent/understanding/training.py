"""Training: from the example files to the weights. The only module that knows scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from agent.understanding.digest import EXAMPLES, digest_of
from agent.understanding.examples import Example, load_examples
from agent.understanding.features import SIZE, Rows, rows_of
from agent.understanding.model import LANGUAGES
from agent.understanding.noise import misspell
from agent.understanding.reading import Intent
from agent.understanding.text import words_of

_STRICTNESS = 2.0
"""Inverse strength of the penalty, chosen by cross-validation over the examples."""

_FOLDS = 3


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
    """Weights (features x labels) and bias of one calibrated linear classifier a label.

    Raises:
        ValueError: An intent or a language has no example.

    """
    seen = [*examples, *_misspelt(examples)]
    matrix = _matrix([rows_of(words_of(example.text)) for example in seen])
    columns = np.unique(matrix.indices)
    compact = matrix[:, columns]
    targets = [*_intent_targets(seen), *_language_targets(seen)]
    for target, label in zip(targets, [*Intent, *LANGUAGES], strict=True):
        if not target.any():
            raise ValueError(f"no example for {label}")
    slope, shift = _calibrate(compact, targets[: len(Intent)], seen)
    coefficients, bias = _separate(compact, targets)
    weights = np.zeros((SIZE, len(targets)), dtype=np.float32)
    weights[columns] = coefficients.T * slope
    return weights, (bias * slope + shift).astype(np.float32)


def _separate(
    matrix: csr_matrix, targets: Sequence[NDArray[np.bool_]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    machines = [LinearSVC(C=_STRICTNESS, random_state=7, tol=1e-3).fit(matrix, target) for target in targets]
    coefficients = np.vstack([machine.coef_[0] for machine in machines])
    return coefficients, np.array([machine.intercept_[0] for machine in machines])


def _calibrate(
    matrix: csr_matrix, targets: Sequence[NDArray[np.bool_]], examples: Sequence[Example]
) -> tuple[float, float]:
    """Slope and shift that turn margins into log-odds, learnt on sentences held out from the margins' training."""
    fold_of = {source: place % _FOLDS for place, source in enumerate(dict.fromkeys(each.source for each in examples))}
    folds = np.array([fold_of[each.source] for each in examples])
    margins, truths = [], []
    for fold in range(_FOLDS):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        coefficients, bias = _separate(matrix[inside], [target[inside] for target in targets])
        margins.append((matrix[outside] @ coefficients.T + bias).ravel())
        truths.append(np.array([target[outside] for target in targets]).T.ravel())
    curve = LogisticRegression(C=1e6).fit(np.concatenate(margins)[:, None], np.concatenate(truths))
    return float(curve.coef_[0][0]), float(curve.intercept_[0])


def _misspelt(examples: Iterable[Example]) -> list[Example]:
    noisy = (
        Example(misspell(example.text, Random(example.text)), example.language, example.intents, example.source)
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
