"""Draws the lines between topics from the phrasings. Only a start whose phrasings changed imports this: it takes
scikit-learn with it, more than a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC

from knowledge.features import SIZE, Features, Floats
from knowledge.phrasings import NONE, Phrasing
from knowledge.topics import TopicModel, softmax, sureness_of

_STRICTNESS: Final = 1.5
"""How much a phrasing on the wrong side of a line costs, against the length of the weights."""

_CLOSE: Final = 0.01
"""Distance from the best line at which the search for it ends."""

_THIRD: Final = 3
"""One phrasing in so many is held back at first, to see how the model does on what it has not seen."""

_MODESTY: Final = 0.65
"""Factor on the sharpness found: the three languages' phrasings echo each other, which flatters the model."""

_SHARPNESS: Final = tuple(float(step) for step in range(2, 21))
_FLOORS: Final = tuple(step / 100 for step in range(50, 100))
_CAUTION: Final = 1.5
"""What an answer to a question that is none of ours costs, in answers withheld."""


def learn_topics(examples: Sequence[Phrasing], features: Features) -> TopicModel:
    """Support vectors on the examples; the same examples give the same model. Some four seconds for eight thousand."""
    topics = tuple(sorted({example.topic for example in examples}))
    wanted = np.array([topics.index(example.topic) for example in examples])
    rows = tabulate([example.text for example in examples], features)
    held = np.arange(len(wanted)) % _THIRD == 0
    weights, bias = _separate(rows[~held], wanted[~held], len(topics))
    unseen, right = np.asarray(rows[held] @ weights + bias, dtype=np.float32), wanted[held]
    weights, bias = _separate(rows, wanted, len(topics))
    return TopicModel(topics, weights, bias, _sharpness(unseen, right), _floor(unseen, right, topics), features)


def _separate(rows: Floats, wanted: NDArray[np.intp], topics: int) -> tuple[Floats, Floats]:
    """Weights and bias of each topic; a topic without examples is far from everything."""
    weights = np.zeros((rows.shape[1], topics), dtype=np.float32)
    bias = np.full(topics, -1.0, dtype=np.float32)
    present = np.unique(wanted)
    if len(present) < 2:
        bias[present] = 1.0
        return weights, bias
    machine = LinearSVC(C=_STRICTNESS, tol=_CLOSE, random_state=0).fit(rows, wanted)
    two = len(present) == 2  # then scikit-learn has one line, with the second class on its positive side
    weights[:, present] = np.vstack([-machine.coef_, machine.coef_]).T if two else machine.coef_.T
    bias[present] = np.concatenate([-machine.intercept_, machine.intercept_]) if two else machine.intercept_
    return weights, bias


def _sharpness(unseen: Floats, wanted: NDArray[np.intp]) -> float:
    """The one under which the wanted topics were likeliest, made more modest."""
    at = np.arange(len(wanted))
    losses = [-np.log(softmax(unseen * sharpness)[at, wanted] + 1e-9).mean() for sharpness in _SHARPNESS]
    return _SHARPNESS[int(np.argmin(losses))] * _MODESTY


def _floor(unseen: Floats, wanted: NDArray[np.intp], topics: Sequence[str]) -> float:
    """The one that answers most of what is ours for the least of what is not; 0 when nothing is known not to be."""
    if NONE not in topics:
        return 0.0
    sureness = sureness_of(unseen, topics)
    ours = wanted != topics.index(NONE)
    if ours.all() or not ours.any():
        return _FLOORS[0]
    gains = [(sureness[ours] >= floor).mean() - _CAUTION * (sureness[~ours] >= floor).mean() for floor in _FLOORS]
    return _FLOORS[int(np.argmax(gains))]


def tabulate(texts: Sequence[str], features: Features) -> csr_matrix:
    """One sparse row a text."""
    rows = [features.row(text) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return csr_matrix((weights, columns, ends), shape=(len(texts), SIZE))
