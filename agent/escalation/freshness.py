"""Whether learnt weights still fit the examples, the lexicon and the code that they were made from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import numpy as np

from agent.escalation.examples import EXAMPLES, sample_paths
from agent.escalation.lexicon import FOLDER
from agent.understanding import digest as reader

SENSE: Final = Path(__file__).parent / "sense.npz"
"""The weights that come with the package, learnt from its examples by ``python -m agent.escalation.learning``."""

_CODE: Final = (
    "concepts.yaml",
    "examples.py",
    "hearing.py",
    "learning.py",
    "lexicon.py",
    "meaning.py",
    "openings.py",
    "signals.py",
    "spelling.py",
    "traits.py",
)


def digest_of(folder: Path = EXAMPLES) -> str:
    """A digest of all that the weights are made from; the reader's examples are part of it."""
    digest = hashlib.sha256(reader.digest_of(reader.EXAMPLES).encode())
    here = Path(__file__).parent
    for path in (*(here / name for name in _CODE), *sorted(FOLDER.glob("*.yaml")), *sample_paths(folder)):
        digest.update(f"{path.parent.name}/{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sense_is_current(path: Path, folder: Path = EXAMPLES) -> bool:
    """Whether the file exists and was learnt from just these examples by just this code."""
    if not path.exists():
        return False
    with np.load(path, allow_pickle=False) as stored:
        return "digest" in stored.files and str(stored["digest"]) == digest_of(folder)
