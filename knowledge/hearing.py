"""What was asked, freed of courtesies and slips of the thumb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.concepts import Concepts
from knowledge.words import words

_COURTESY: Final = "courtesy"
_SHORTEST: Final = 4
_LONG: Final = 9
"""Letters from which a word may have two slips instead of one."""


class Hearing:
    """Rewrites a question in folded words; a word nobody has used here becomes the nearest one that somebody has."""

    def __init__(self, known: Iterable[str], concepts: Concepts) -> None:
        """``known`` are texts whose words are taken to be spelt right."""
        self._concepts = concepts
        self._known = frozenset(word for text in known for word in words(text))
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) >= _SHORTEST:
                self._by_initial[word[0]].append(word)

    def __call__(self, text: str) -> str:
        """Folded words; greetings and thanks are left out unless there is nothing else."""
        said = [self._spelt(word) for word in words(text)]
        return " ".join(self._concepts.without(_COURTESY, said) or said)

    def _spelt(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self._known or not word.isalpha() or self._concepts.knows(word):
            return word
        slips = 2 if len(word) >= _LONG else 1
        nearest = process.extractOne(word, self._by_initial.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips)
        return nearest[0] if nearest else word
