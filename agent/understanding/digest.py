"""Whether trained weights still fit the examples and the code that they were made from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from agent.understanding.examples import example_paths

EXAMPLES = Path(__file__).parent / "examples"
"""The examples that come with the package."""

MODEL = Path(__file__).parent / "model.npz"
"""The weights that come with the package, trained from those examples."""

_CODE = (
    "candidates.py",
    "clauses.py",
    "concepts.py",
    "concepts.yaml",
    "digest.py",
    "examples.py",
    "features.py",
    "judge.py",
    "meanings.yaml",
    "model.py",
    "noise.py",
    "reading.py",
    "spans.py",
    "text.py",
    "training.py",
    "trees.py",
    "variety.py",
)


def digest_of(examples_dir: Path) -> str:
    """A digest of every example file and of the code that turns them into weights."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in (*(here / name for name in _CODE), *example_paths(examples_dir)):
        digest.update(f"{path.parent.name}/{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def model_is_current(model_path: Path, examples_dir: Path = EXAMPLES) -> bool:
    """Whether the file exists and was trained from just these examples by just this code."""
    if not model_path.exists():
        return False
    with np.load(model_path, allow_pickle=False) as stored:
        return "digest" in stored.files and str(stored["digest"]) == digest_of(examples_dir)
