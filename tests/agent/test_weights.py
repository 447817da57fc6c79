"""The comparison of weights tells what differs, and nothing of a last bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.agent.weights import what_differs

KEPT: dict[str, Any] = {
    "rows": np.array([1, 4], dtype=np.int32),
    "values": np.array([[3, -2], [7, 0]], dtype=np.int8),
    "scale": np.float32(0.01),
    "bias": np.array([0.5, -1.0], dtype=np.float32),
    "digest": np.array("d1f6"),
}


def keep(path: Path, **other: Any) -> Path:
    np.savez_compressed(path, **{**KEPT, **other})
    return path


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"values": np.array([[4, -2], [7, -1]], dtype=np.int8)},
        {"bias": np.array([0.5001, -1.0], dtype=np.float32)},
        {"rows": np.array([1, 3, 4], dtype=np.int32), "values": np.array([[3, -2], [1, 0], [7, 0]], dtype=np.int8)},
    ],
)
def test_what_another_processor_rounds_apart_is_the_same(tmp_path: Path, other: dict[str, Any]) -> None:
    assert what_differs(keep(tmp_path / "one.npz"), keep(tmp_path / "other.npz", **other)) == []


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"values": np.array([[5, -2], [7, 0]], dtype=np.int8)}, "values"),
        ({"rows": np.array([1, 5], dtype=np.int32)}, "values"),
        ({"bias": np.array([0.6, -1.0], dtype=np.float32)}, "bias"),
        ({"digest": np.array("beef")}, "digest"),
        ({"judge": np.zeros(2, dtype=np.float32)}, "arrays"),
    ],
)
def test_other_weights_are_named(tmp_path: Path, other: dict[str, Any], named: str) -> None:
    told = what_differs(keep(tmp_path / "one.npz"), keep(tmp_path / "other.npz", **other))
    assert [line for line in told if line.startswith(named)]
