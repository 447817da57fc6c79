"""Which topic a question is about: one line between each topic and the rest, learnt from the phrasings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from knowledge.features import Features, Floats
from knowledge.phrasings import NONE, Phrasing

_STRICTNESS: Final = 1.5
"""How much a phrasing on the wrong side of a line costs, against the length of the weights."""

_CLOSE: Final = 0.01
"""Distance from the best line at which the search for it ends."""

_THIRD: Final = 3
"""One phrasing in so many is held back at first, to see how the model does on what it has not seen."""

_MODESTY: Final = 0.65
"""Factor on the sharpness found: the three languages' phrasings echo each other, which flatters the model."""

_SHARPNESS: Final = tuple(float(step) for step in range(2, 21))
_DOUBT: Final = 2.0
"""Sharpness at which ``none`` is weighed: low, so that several topics that are each a little likely speak together."""

_FLOORS: Final = tuple(step / 100 for step in range(50, 100))
_CAUTION: Final = 1.5
"""What an answer to a question that is none of ours costs, in answers withheld."""

_LEVEL: Final = 0.5
"""Share of the likeliest topic's chance from which another topic may be answered from as well."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How likely a text is about each topic, ``none`` among them, adding up to 1; and whether it is ours to answer."""

    chances: dict[str, float]
    answerable: bool

    def supports(self, topic: str) -> bool:
        """Whether an answer may rest on this topic: the likeliest, or one nearly level with it."""
        likeliest = max((chance for each, chance in self.chances.items() if each != NONE), default=0.0)
        return self.answerable and self.chances.get(topic, 0.0) >= _LEVEL * likeliest


@dataclass(frozen=True, slots=True)
class TopicModel:
    """One linear score a topic: ``weights`` is one row a column of the features, ``bias`` one number a topic.

    ``sharpness`` turns scores into chances; ``floor`` is how sure it must be that the text is not ``none``. Both were
    set on phrasings that the model had not seen.
    """

    topics: tuple[str, ...]
    weights: Floats
    bias: Floats
    sharpness: float
    floor: float
    features: Features

    def read(self, text: str) -> Reading:
        """What the text is about."""
        columns, values = self.features.row(text)
        scores = (values @ self.weights[columns] + self.bias)[np.newaxis, :]
        chances = dict(zip(self.topics, _softmax(scores * self.sharpness)[0].tolist(), strict=True))
        return Reading(chances, bool(_sureness(scores, self.topics)[0] >= self.floor))


def learn_topics(examples: Sequence[Phrasing], features: Features) -> TopicModel:
    """Support vectors on the examples; the same examples give the same model. Some four seconds for eight thousand."""
    topics = tuple(sorted({example.topic for example in examples}))
    wanted = np.array([topics.index(example.topic) for example in examples])
    rows = features.matrix([example.text for example in examples])
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
    if len(present) == 1:
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
    losses = [-np.log(_softmax(unseen * sharpness)[at, wanted] + 1e-9).mean() for sharpness in _SHARPNESS]
    return _SHARPNESS[int(np.argmin(losses))] * _MODESTY


def _floor(unseen: Floats, wanted: NDArray[np.intp], topics: Sequence[str]) -> float:
    """The one that answers most of what is ours for the least of what is not; 0 when nothing is known not to be."""
    if NONE not in topics:
        return 0.0
    sureness = _sureness(unseen, topics)
    ours = wanted != topics.index(NONE)
    gains = [(sureness[ours] >= floor).mean() - _CAUTION * (sureness[~ours] >= floor).mean() for floor in _FLOORS]
    return _FLOORS[int(np.argmax(gains))]


def _sureness(scores: Floats, topics: Sequence[str]) -> Floats:
    """How sure each row of scores is that the text is about one of the topics, whichever; 1 without ``none``."""
    if NONE not in topics:
        return np.ones(len(scores), dtype=np.float32)
    return np.asarray(1 - _softmax(scores * _DOUBT)[:, topics.index(NONE)], dtype=np.float32)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
