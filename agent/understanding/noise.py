"""Misspelt copies of the examples, so that the classifier has met a slip of the thumb before the shopper makes it."""

from __future__ import annotations

from random import Random
from typing import Final

_SOUNDS: Final = (
    ("ll", "y"), ("v", "b"), ("b", "v"), ("z", "s"), ("c", "s"), ("qu", "k"), ("h", ""), ("ss", "s"), ("ch", "x"),
    ("que", "q"), ("s", "z"), ("ie", "ei"), ("ei", "ie"), ("tion", "shun"), ("ou", "u"), ("nh", "n"), ("lh", "li"),
)  # fmt: skip


def misspell(text: str, random: Random) -> str:
    """The text with about one slip in six words: a letter lost, doubled, swapped, or written as it sounds."""
    words = text.split(" ")
    return " ".join(_slip(word, random) if len(word) > 3 and random.random() < 0.17 else word for word in words)


def _slip(word: str, random: Random) -> str:
    at = random.randrange(1, len(word) - 1)
    kind = random.randrange(5)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    if kind == 3:
        return word[:at] + " " + word[at:] if len(word) > 7 else word[:at] + word[at + 1 :]
    heard, written = random.choice(_SOUNDS)
    return word.replace(heard, written, 1)
