"""What a message is about, word by word, whichever of the three languages it is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from knowledge.words import words

_Pattern: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concepts:
    """Patterns of one or more words, each word optionally a stem ending in ``*``, looked up by their first word."""

    _by_first: Mapping[str, Sequence[tuple[_Pattern, str]]]

    @classmethod
    def of(cls, entries: Mapping[str, Iterable[str]]) -> Concepts:
        """From concept to patterns, as ``phrasings/concepts.yaml`` has them."""
        by_first: dict[str, list[tuple[_Pattern, str]]] = {}
        for concept, patterns in entries.items():
            for pattern in patterns:
                first, *rest = pattern.split()
                by_first.setdefault(first, []).append((tuple(rest), concept))
        return cls(by_first)

    def find(self, text: str) -> list[str]:
        """The concepts that the text touches, each once, sorted."""
        said = words(text)
        return sorted({concept for at in range(len(said)) for concept in self._starting(said, at)})

    def _starting(self, said: Sequence[str], at: int) -> Iterable[str]:
        word = said[at]
        keys = (word, *(f"{word[:length]}*" for length in range(1, len(word) + 1)))
        for key in keys:
            for rest, concept in self._by_first.get(key, ()):
                following = said[at + 1 : at + 1 + len(rest)]
                if len(following) == len(rest) and all(map(_matches, rest, following)):
                    yield concept


def _matches(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern
