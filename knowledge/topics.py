"""Which topic a question is about: one line between each topic and the rest, as ``knowledge.learning`` drew them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from knowledge.features import Features, Floats
from knowledge.phrasings import NONE

_DOUBT: Final = 2.0
"""Sharpness at which ``none`` is weighed: low, so that several topics that are each a little likely speak together."""

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
        chances = dict(zip(self.topics, softmax(scores * self.sharpness)[0].tolist(), strict=True))
        return Reading(chances, bool(sureness_of(scores, self.topics)[0] >= self.floor))


def sureness_of(scores: Floats, topics: Sequence[str]) -> Floats:
    """How sure each row of scores is that the text is about one of the topics, whichever; 1 without ``none``."""
    if NONE not in topics:
        return np.ones(len(scores), dtype=np.float32)
    return np.asarray(1 - softmax(scores * _DOUBT)[:, topics.index(NONE)], dtype=np.float32)


def softmax(scores: Floats) -> Floats:
    """Each row of scores as chances that add up to 1."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
