"""Whether two files of weights are of one learning, whichever processor and build of the solver did it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

STEPS = 1
"""How far the same weight may be rounded apart: solvers add up in another order on another processor."""


def what_differs(learnt: Path, shipped: Path) -> list[str]:
    """The arrays that are not alike, by name and how far apart; empty when the files say the same."""
    with np.load(learnt) as one, np.load(shipped) as other:
        if sorted(one.files) != sorted(other.files):
            return [f"arrays {sorted(one.files)} and {sorted(other.files)}"]
        by_row = [name for name in one.files if name in ("values", "heft")]
        apart = [_apart(name, one[name], other[name]) for name in one.files if name not in (*by_row, "rows")]
        for name in by_row:
            rows = np.union1d(one["rows"], other["rows"])
            apart.append(_apart(name, _spread(one, name, rows), _spread(other, name, rows)))
    return [said for said in apart if said]


def _spread(stored: np.lib.npyio.NpzFile, name: str, rows: np.ndarray) -> np.ndarray:
    kept = stored[name]
    spread = np.zeros((len(rows), *kept.shape[1:]), dtype=kept.dtype)
    spread[np.searchsorted(rows, stored["rows"])] = kept
    return spread


def _apart(name: str, one: np.ndarray, other: np.ndarray) -> str:
    if one.shape != other.shape:
        return f"{name}: {one.shape} and {other.shape}"
    if one.dtype.kind == "U":
        return "" if (one == other).all() else f"{name}: other words"
    if one.dtype.kind == "f":
        return "" if np.allclose(one, other, rtol=1e-2, atol=1e-3) else f"{name}: other figures"
    furthest = int(np.abs(one.astype(np.int64) - other.astype(np.int64)).max(initial=0))
    return "" if furthest <= STEPS else f"{name}: {furthest} steps"
