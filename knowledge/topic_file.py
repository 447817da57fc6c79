"""The topic model kept in a file, so that a start with the same examples does not learn it again."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from knowledge.concepts import Concepts
from knowledge.features import Features
from knowledge.phrasings import Phrasing
from knowledge.topics import TopicModel

_FORMAT: Final = "2"
"""Raised when features or learning change, so that every kept model is learnt anew."""


def load_or_learn(
    folder: Path, examples: Sequence[Phrasing], entries: dict[str, list[str]], concepts: Concepts
) -> TopicModel:
    """The model of these examples and concept entries, from its file when there is one; some four seconds when not."""
    digest = sha256(repr((_FORMAT, entries, examples)).encode()).hexdigest()[:16]
    path = folder / f"topics-{digest}.npz"
    if path.exists():
        return _load(path, concepts)
    learning = importlib.import_module("knowledge.learning")  # scikit-learn, which a usual start has no use for
    model: TopicModel = learning.learn_topics(
        examples, Features.learn([example.text for example in examples], concepts)
    )
    folder.mkdir(parents=True, exist_ok=True)
    _keep(path, model)
    for other in folder.glob("topics-*.npz"):
        if other != path:
            other.unlink(missing_ok=True)
    return model


def _load(path: Path, concepts: Concepts) -> TopicModel:
    with np.load(path, allow_pickle=False) as kept:
        return TopicModel(
            topics=tuple(kept["topics"].tolist()),
            weights=kept["weights"],
            bias=kept["bias"],
            sharpness=float(kept["sharpness"]),
            floor=float(kept["floor"]),
            features=Features(concepts, kept["rarity"]),
        )


def _keep(path: Path, model: TopicModel) -> None:
    partial = path.with_name(f"{path.stem}.{os.getpid()}.partial")
    with partial.open("wb") as file:
        np.savez(
            file,
            topics=np.array(model.topics),
            weights=model.weights,
            bias=model.bias,
            sharpness=model.sharpness,
            floor=model.floor,
            rarity=model.features.rarity,
        )
    partial.replace(path)
