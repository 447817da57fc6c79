"""What a message is about, word by word, whichever of the three languages it is in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        return sorted({concept for at in range(len(said)) for _, concept in self._lengths(said, at)})

    def without(self, concept: str, said: Sequence[str]) -> list[str]:
        """The words that are not part of a pattern of that concept, in order."""
        spoken = {
            place
            for at in range(len(said))
            for length, found in self._lengths(said, at)
            if found == concept
            for place in range(at, at + length)
        }
        return [word for at, word in enumerate(said) if at not in spoken]

    def knows(self, word: str) -> bool:
        """Whether a word is in a pattern as a whole, or begins with one of four letters or more."""
        return word in self._by_first or any(
            f"{word[:length]}*" in self._by_first for length in range(4, len(word) + 1)
        )

    def _lengths(self, said: Sequence[str], at: int) -> Iterator[tuple[int, str]]:
        """How many words each pattern that starts here takes, and its concept."""
        word = said[at]
        for key in (word, *(f"{word[:length]}*" for length in range(1, len(word) + 1))):
            for rest, concept in self._by_first.get(key, ()):
                following = said[at + 1 : at + 1 + len(rest)]
                if len(following) == len(rest) and all(map(_matches, rest, following)):
                    yield 1 + len(rest), concept


def _matches(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern
