"""Training: from the example files to the weights. The only module that knows scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from agent.understanding.candidates import candidates_of
from agent.understanding.digest import EXAMPLES, MODEL, digest_of
from agent.understanding.examples import Example, Surroundings, load_examples, load_surroundings
from agent.understanding.features import SIZE, Rows, rows_of
from agent.understanding.judge import FIGURES, MARKS, Candidate, Judge, weighed
from agent.understanding.model import LANGUAGES, LinearModel
from agent.understanding.reading import Intent
from agent.understanding.spans import spans_of
from agent.understanding.text import words_of
from agent.understanding.trees import Trees, grow
from agent.understanding.variety import continued, estranged, joined, misspelt, reasoned, surrounded

_STRICTNESS = 2.0
"""Inverse strength of the penalty, chosen by cross-validation over the examples."""

_RARITY = 1.5
"""How much more a rare feature says than a common one: the power of its inverse frequency."""

_JUDGE_STRICTNESS = 0.3
_JUDGED_SHARE = 2
"""Every how many-th example the judge learns from: half of them teach it as much, in half the time."""

_TREES = 100
"""Twice as many judge no better."""

_FOLDS = 2
_INTENTS = tuple(Intent)
_NO_TREES = Trees(np.zeros((0, 1), np.int16), np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32), 0.0)
_UNLEARNT = Judge(np.zeros(FIGURES + MARKS, np.float32), _NO_TREES)

_Floats: TypeAlias = NDArray[np.float64]
_Machines: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Weights (labels x features seen) and biases, before calibration."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What training saw: sentences a language and an intent (choices spelled out), and the file's digest."""

    sentences: int
    by_language: dict[str, int]
    by_intent: dict[str, int]
    digest: str
    path: Path


def train(examples_dir: Path = EXAMPLES, out_path: Path = MODEL) -> TrainingReport:
    """Train on every example file and write the weights; the same examples give the same bytes.

    Raises:
        ValueError: An example file cannot be read, or an intent has no example.

    """
    examples = load_examples(examples_dir)
    digest = digest_of(examples_dir)
    model = fit(examples, load_surroundings(examples_dir), digest)
    write(model, out_path)
    return TrainingReport(
        sentences=len(examples),
        by_language=dict(Counter(example.language for example in examples)),
        by_intent=dict(Counter(intent.value for example in examples for intent in example.intents)),
        digest=digest,
        path=out_path,
    )


def write(model: LinearModel, out_path: Path) -> None:
    """Write what ``LinearModel.load`` reads: a byte a weight, scaled label by label, of the features that were seen."""
    used = np.flatnonzero(np.abs(model.weights).max(axis=1) > 0)
    scale = (np.abs(model.weights).max(axis=0) / 127.0).astype(np.float32)
    out_path.parent.mkdir(parents=True, exist_ok=True)
    with out_path.open("wb") as file:
        np.savez_compressed(
            file,
            rows=used.astype(np.int32),
            values=np.rint(model.weights[used] / scale).astype(np.int8),
            scale=scale,
            heft=model.heft[used].astype(np.float16),
            rarest=np.float32(model.heft.max()),
            bias=model.bias,
            judge=model.judge.weights,
            asked=model.judge.trees.asked,
            above=model.judge.trees.above,
            leaves=model.judge.trees.leaves,
            start=np.float64(model.judge.trees.start),
            intents=np.array([intent.value for intent in model.intents]),
            digest=np.array(model.digest),
        )


def fit(examples: Sequence[Example], around: Mapping[str, Surroundings], digest: str = "") -> LinearModel:
    """One calibrated linear classifier a label, and the judge of how many of them a message carries.

    Raises:
        ValueError: An intent or a language has no example.

    """
    place_of = {source: place for place, source in enumerate(dict.fromkeys(each.source for each in examples))}
    halves = [[each for each in examples if place_of[each.source] % _FOLDS == fold] for fold in range(_FOLDS)]
    held = [_varied(half, around) for half in halves]
    seen = [example for half in held for example in (*half, *misspelt(half))]
    folds = np.array([place_of[each.source] % _FOLDS for each in seen])
    rows = [rows_of(words_of(example.text)) for example in seen]
    rarity = _rarity(rows)
    matrix = _matrix(rows, rarity)
    columns = np.unique(matrix.indices)
    compact = matrix[:, columns]
    wanted, spoken = _intent_targets(seen), _language_targets(seen)
    for target, label in zip([*wanted, *spoken], [*Intent, *LANGUAGES], strict=True):
        if not target.any():
            raise ValueError(f"no example for {label}")
    told = [*wanted, np.array([len(example.intents) > 1 for example in seen])]
    apart = [_separate(compact[folds != fold], [target[folds != fold] for target in told]) for fold in range(_FOLDS)]
    slope, shift = _calibrate(compact, told, folds, apart)
    judge = _judge(
        [
            (
                _model(columns, rarity, *machines, slope, shift),
                [*half[::_JUDGED_SHARE], *estranged(half[::_JUDGED_SHARE])],
            )
            for machines, half in zip(apart, held, strict=True)
        ]
    )
    whole = _model(columns, rarity, *_separate(compact, [*told, *spoken]), slope, shift)
    return LinearModel(whole.weights, whole.heft, whole.bias, _INTENTS, judge, digest)


def _varied(half: Sequence[Example], around: Mapping[str, Surroundings]) -> list[Example]:
    more = (surrounded(half, around), joined(half), continued(half, around), reasoned(half, around))
    return [*half, *(example for kind in more for example in kind)]


def _calibrate(
    matrix: csr_matrix, targets: Sequence[NDArray[np.bool_]], folds: NDArray[np.int64], apart: Sequence[_Machines]
) -> tuple[float, float]:
    """Slope and shift that turn margins into log-odds, learnt where each fold's machines have not been."""
    margins, truths = [], []
    for fold, (coefficients, bias) in enumerate(apart):
        outside = np.flatnonzero(folds == fold)
        margins.append((matrix[outside] @ coefficients.T + bias).ravel())
        truths.append(np.array([target[outside] for target in targets]).T.ravel())
    curve = LogisticRegression(C=1e6).fit(np.concatenate(margins)[:, None], np.concatenate(truths))
    return float(curve.coef_[0][0]), float(curve.intercept_[0])


def _model(
    columns: NDArray[np.int32], rarity: _Floats, coefficients: _Floats, bias: _Floats, slope: float, shift: float
) -> LinearModel:
    weights = np.zeros((SIZE, len(bias)), dtype=np.float32)
    weights[columns] = coefficients.T * slope * rarity[columns, None]
    heft = (rarity**2).astype(np.float32)
    biases = (bias * slope + shift).astype(np.float32)
    return LinearModel(weights, heft, biases, _INTENTS, _UNLEARNT, "")


def _judge(held: Sequence[tuple[LinearModel, Sequence[Example]]]) -> Judge:
    """The judge, learnt on examples that the model reading them has not seen."""
    met: list[Candidate] = []
    truths: list[bool] = []
    for model, examples in held:
        for example in examples:
            spans = spans_of(model, example.text)
            for candidate in candidates_of(spans) if spans else ():
                met.append(candidate)
                truths.append(_INTENTS[candidate.column] in example.intents)
    figures = csr_matrix(np.array([candidate.figures for candidate in met]))
    starts = np.cumsum([0, *(len(candidate.marks) for candidate in met)])
    places = np.concatenate([candidate.marks for candidate in met])
    marks = csr_matrix((np.ones(len(places), np.float32), places, starts), shape=(len(met), MARKS))
    weighing = LogisticRegression(C=_JUDGE_STRICTNESS, fit_intercept=False, solver="liblinear", random_state=7).fit(
        hstack((figures, marks)).tocsr(), truths
    )
    weights = weighing.coef_[0].astype(np.float32)
    return Judge(weights, grow(weighed(weights, met), np.array(truths), _TREES))


def _separate(matrix: csr_matrix, targets: Sequence[NDArray[np.bool_]], tolerance: float = 0.1) -> _Machines:
    machines = [LinearSVC(C=_STRICTNESS, random_state=7, tol=tolerance).fit(matrix, target) for target in targets]
    coefficients = np.vstack([machine.coef_[0] for machine in machines])
    return coefficients, np.array([machine.intercept_[0] for machine in machines])


def _rarity(rows: Sequence[Rows]) -> _Floats:
    """How much each feature says by itself: the rarer among the examples, the more; most of all the unseen."""
    seen_in = np.bincount(np.concatenate(rows), minlength=SIZE)
    rarity: _Floats = (np.log((1 + len(rows)) / (1 + seen_in)) + 1) ** _RARITY
    return rarity


def _matrix(rows: Sequence[Rows], rarity: _Floats) -> csr_matrix:
    """A row an example, a column a feature, each row of length one."""
    counts = np.array([len(row) for row in rows])
    values = np.concatenate([rarity[row] / np.sqrt((rarity[row] ** 2).sum()) for row in rows])
    starts = np.concatenate(([0], np.cumsum(counts)))
    return csr_matrix((values, np.concatenate(rows), starts), shape=(len(rows), SIZE))


def _intent_targets(examples: Sequence[Example]) -> list[NDArray[np.bool_]]:
    return [np.array([intent in example.intents for example in examples]) for intent in Intent]


def _language_targets(examples: Sequence[Example]) -> list[NDArray[np.bool_]]:
    return [np.array([example.language == language for example in examples]) for language in LANGUAGES]


if __name__ == "__main__":
    train()
