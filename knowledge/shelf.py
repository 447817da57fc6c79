"""The chunks that may be quoted in one language, ranked by the words and letters they share with a question."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import bm25s
import numpy as np

from knowledge.chunks import Entry
from knowledge.concepts import Concepts
from knowledge.features import Floats
from knowledge.sections import Sections
from knowledge.words import LANGUAGES, Stems


class Shelf:
    """BM25 over stems and concepts and the product of the vectors, in memory: exact, and fast below 10k chunks."""

    def __init__(self, entries: Sequence[Entry], concepts: Concepts) -> None:
        """``entries`` must not be empty."""
        self.chunks = tuple(entry.chunk for entry in entries)
        self.topics = frozenset(chunk.topic for chunk in self.chunks)
        self._concepts = concepts
        self._stems: Mapping[str, Stems] = {language: Stems(language) for language in LANGUAGES}
        self._vectors = np.stack([entry.vector for entry in entries])
        terms = [self._terms(chunk.indexed, chunk.language) for chunk in self.chunks]
        self._bm25 = bm25s.BM25(k1=1.2, b=0.5)
        self._bm25.index(terms, show_progress=False)
        self._holders = _holders(terms)
        self.sections = Sections(self.chunks, concepts)

    def by_words(self, text: str, language: str) -> Floats:
        """BM25 of each chunk, 0 where no word is shared."""
        known = [term for term in self._terms(text, language) if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(len(self.chunks), dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def coverage(self, text: str, language: str) -> Floats:
        """Which share of the question's words each chunk has, 0..1, rare words counting for more than common ones."""
        covered = np.zeros(len(self.chunks), dtype=np.float32)
        total = 0.0
        for stem in set(self._stem(text, language)):
            holders = self._holders.get(stem, [])
            weight = math.log(1 + len(self.chunks) / (1 + len(holders)))
            covered[holders] += weight
            total += weight
        return covered / total if total else covered

    def by_vector(self, vector: Floats) -> Floats:
        """Cosine of each chunk with the question's unit vector."""
        return np.asarray(self._vectors @ vector, dtype=np.float32)

    def _stem(self, text: str, language: str) -> list[str]:
        return self._stems.get(language, self._stems[LANGUAGES[0]])(text)

    def _terms(self, text: str, language: str) -> list[str]:
        return [*self._stem(text, language), *(f"~{concept}" for concept in self._concepts.find(text))]


def _holders(documents: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Which documents have a term."""
    holders: dict[str, list[int]] = defaultdict(list)
    for at, terms in enumerate(documents):
        for term in set(terms):
            holders[term].append(at)
    return dict(holders)
