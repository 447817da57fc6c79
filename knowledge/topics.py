"""Which topic a question is about: a linear model over its features, learnt from the phrasings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from knowledge.features import Features, Floats
from knowledge.phrasings import NONE, Phrasing

_RIDGE: Final = 0.5
_MODESTY: Final = 0.65
"""Factor on the sharpness found: the three languages' phrasings echo each other, which flatters leave-one-out."""

_SHARPNESS: Final = tuple(float(step) for step in range(2, 21))
_FLOORS: Final = tuple(step / 50 for step in range(3, 45))


@dataclass(frozen=True, slots=True)
class TopicModel:
    """One linear score a topic.

    ``sharpness`` turns scores into probabilities, ``floor`` is the probability from which a topic supports an answer;
    both were set on phrasings that the model had not seen.
    """

    topics: tuple[str, ...]
    weights: Floats
    sharpness: float
    floor: float
    features: Features

    def probabilities(self, text: str) -> dict[str, float]:
        """How likely the text is about each topic, ``none`` among them; they add up to 1."""
        columns, weights = self.features.row(text)
        chances = _softmax((weights @ self.weights[columns])[np.newaxis, :] * self.sharpness)[0]
        return dict(zip(self.topics, chances.tolist(), strict=True))


def learn_topics(examples: Sequence[Phrasing], features: Features) -> TopicModel:
    """Ridge regression on the examples, in closed form; the same examples give the same model."""
    topics = tuple(sorted({example.topic for example in examples}))
    wanted = np.array([topics.index(example.topic) for example in examples])
    rows = features.matrix([example.text for example in examples])
    inverse = np.linalg.inv(rows @ rows.T + _RIDGE * np.eye(len(rows), dtype=np.float32))
    targets = np.eye(len(topics), dtype=np.float32)[wanted]
    duals = inverse @ targets
    unseen = targets - duals / np.diag(inverse)[:, np.newaxis]
    sharpness, floor = _calibrate(unseen, wanted, topics)
    return TopicModel(topics, rows.T @ duals, sharpness, floor, features)


def _calibrate(unseen: Floats, wanted: Floats, topics: Sequence[str]) -> tuple[float, float]:
    """Sharpness and floor from leave-one-out scores: what the model says of each example when trained without it."""
    at = np.arange(len(wanted))
    losses = [-np.log(_softmax(unseen * sharpness)[at, wanted] + 1e-9).mean() for sharpness in _SHARPNESS]
    sharpness = _SHARPNESS[int(np.argmin(losses))] * _MODESTY
    if NONE not in topics:
        return sharpness, _FLOORS[0]
    chances = _softmax(unseen * sharpness)
    none = topics.index(NONE)
    best = np.delete(chances, none, axis=1).max(axis=1)
    supported = best > chances[:, none]
    ours = wanted != none
    gains = [
        (supported & (best >= floor))[ours].mean() - (supported & (best >= floor))[~ours].mean() for floor in _FLOORS
    ]
    return sharpness, _FLOORS[int(np.argmax(gains))]


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
