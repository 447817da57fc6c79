"""Whether a value is what is expected of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

ABSENT = object()


def found(pattern: str, text: str) -> bool:
    """Whether the pattern is in the text, whatever the letter case."""
    return re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None


def differences(actual: Any, expected: Any, path: str = "") -> list[str]:
    """Where they differ. Of a mapping only the named keys are looked at; a list names every element."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return [
            fault
            for key in expected
            for fault in differences(actual.get(key, ABSENT), expected[key], f"{path}.{key}".lstrip("."))
        ]
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple) and len(expected) == len(actual):
        return [
            fault
            for index, (one, other) in enumerate(zip(actual, expected, strict=True))
            for fault in differences(one, other, f"{path}.{index}".lstrip("."))
        ]
    if actual is not ABSENT and _text(actual) == _text(expected):
        return []
    return [f"{path or 'it'}: {'not there' if actual is ABSENT else repr(actual)}, expected {expected!r}"]


def pair_up(actual: Sequence[Any], expected: Sequence[Any], fits: Any) -> tuple[list[int], list[int]]:
    """Give each expected thing one actual thing that fits, as many as can be had; the indexes left over on both sides."""
    taken: dict[int, int] = {}

    def place(wanted: int, tried: set[int]) -> bool:
        for index, one in enumerate(actual):
            if index in tried or not fits(one, expected[wanted]):
                continue
            tried.add(index)
            if index not in taken or place(taken[index], tried):
                taken[index] = wanted
                return True
        return False

    missing = [wanted for wanted in range(len(expected)) if not place(wanted, set())]
    return [index for index in range(len(actual)) if index not in taken], missing


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
