"""What the shop's articles say, sentence by sentence: what they hold out to everybody may be said in their words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+|(?<=[^\s¿«\"(])\s*(?=¿)")
"""Between two sentences."""

_WORD = re.compile(r"\w+")
_FEW = 3
"""Words that say nothing by themselves: "It's free."."""


class Quotes:
    """Whole sentences only: half of one may have lost its condition."""

    def __init__(self, articles: Iterable[str]) -> None:
        self._articles = tuple(articles)

    def hold(self, sentence: str) -> bool:
        """Whether an article says just that; marks, case and spaces aside."""
        words = _words(sentence)
        return len(words) > _FEW and words in self._sentences

    @cached_property
    def _sentences(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_words(one) for text in self._articles for one in SENTENCE.split(text))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))
