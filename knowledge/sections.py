"""Which section of an article answers: the one that has what sets the question apart within that article."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from knowledge.chunks import Chunk
from knowledge.concepts import Concepts
from knowledge.features import Floats
from knowledge.words import LANGUAGES, Stems, fold

_HEADING: Final = 2.0
"""How much more than a word of the text one of the heading tells where all of the heading is asked for: it is a question, too."""


_OPENING: Final = 0.1
"""Lead of an article's opening over its other sections: it answers the plain question, they its special cases."""


_FIGURE: Final = 0.4
"""Lead of a piece with a figure in it when a figure is asked for."""

_ASKS_FIGURE: Final = re.compile(r"\b(?:cuant[oa]s?|quant[oa]s?|how (?:much|many|long)|minim[ou]m?|minima)\b")

_SHORT: Final = 2
"""Letters up to which a word tells nothing: "ir", "go"."""

_FEW: Final = 3
"""Articles up to which the same heading can be a question of its own."""


class Sections:
    """The share of a question's words that each piece has, 0..1 and a little above, words of all its sections counting for little.

    The article's title stands over all of them: its words tell nothing here, nor do headings that many articles have
    ("Next step").
    """

    def __init__(self, chunks: Sequence[Chunk], concepts: Concepts) -> None:
        self._concepts = concepts
        self._stems = {language: Stems(language) for language in LANGUAGES}
        self._headings = [self._terms(" ".join(chunk.path), chunk.language) for chunk in chunks]
        self._texts = [self._terms(chunk.text, chunk.language) for chunk in chunks]
        self._held = Counter(term for at in range(len(chunks)) for term in self._texts[at] | self._headings[at])
        self._figures = np.array([any(map(str.isdigit, chunk.text)) for chunk in chunks], dtype=bool)
        self._titles = [self._terms(chunk.title, chunk.language) for chunk in chunks]
        self._pieces: dict[str, list[int]] = defaultdict(list)
        closing = _common_headings(chunks)
        for at, chunk in enumerate(chunks):
            if chunk.path[-1:] not in closing:
                self._pieces[chunk.article].append(at)

    def shares(self, text: str, language: str) -> Floats:
        """One figure a chunk: 0 where nothing of the question is found, more for an article's opening than for its others."""
        asked = self._terms(text, language)
        shares = np.zeros(len(self._texts), dtype=np.float32)
        for pieces in self._pieces.values():
            self._share_out(pieces, asked, shares)
        if _ASKS_FIGURE.search(fold(text)):
            shares[(shares > 0) & self._figures] += _FIGURE
        return shares

    def _share_out(self, pieces: Sequence[int], asked: frozenset[str], shares: Floats) -> None:
        title = self._titles[pieces[0]]
        covered = {at: self._covered(self._headings[at], asked) for at in pieces}
        total = 0.0
        for term in asked:
            holders = [at for at in pieces if term in self._texts[at] or term in self._headings[at]]
            if not holders and term not in title:
                continue
            total += self._rarity(term)
            apart = 0.0 if term in title else self._rarity(term) * (1 - (len(holders) - 1) / len(pieces))
            for at in holders:
                shares[at] += apart * (1 + _HEADING * covered[at] if term in self._headings[at] else 1.0)
        if total:
            shares[pieces] /= total
        shares[pieces[0]] += _OPENING

    def _covered(self, heading: frozenset[str], asked: frozenset[str]) -> float:
        """How much of the heading is asked for, 0..1."""
        whole = sum(map(self._rarity, heading))
        return sum(map(self._rarity, heading & asked)) / whole if whole else 0.0

    def _rarity(self, term: str) -> float:
        return math.log(1 + len(self._texts) / (1 + self._held.get(term, 0)))

    def _terms(self, text: str, language: str) -> frozenset[str]:
        stems = self._stems.get(language, self._stems[LANGUAGES[0]])
        return frozenset(
            (
                *(stem for stem in stems(text) if len(stem) > _SHORT),
                *(f"~{concept}" for concept in self._concepts.find(text)),
            )
        )


def _common_headings(chunks: Sequence[Chunk]) -> frozenset[tuple[str, ...]]:
    articles: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for chunk in chunks:
        if chunk.path:
            articles[chunk.path[-1:]].add(chunk.article)
    return frozenset(heading for heading, found in articles.items() if len(found) > _FEW)
