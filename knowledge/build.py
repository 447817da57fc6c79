"""The knowledge base of an application, in one call. Importing this module imports chromadb: a second or two."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from knowledge.articles import ArticleRefused, Figures
from knowledge.chunks import Entry
from knowledge.concepts import Concepts
from knowledge.embedder import Embedder, HashedLetters
from knowledge.hearing import Hearing
from knowledge.ingest import Ingested, ingest
from knowledge.phrasings import FOLDER, Phrasing, read_concepts, read_phrasings
from knowledge.search import Clock, KnowledgeSearch
from knowledge.topic_file import load_or_learn
from knowledge.vectors import ChromaVectors

_ENOUGH: Final = 8
"""Ways of asking about a topic from which the topic model is trusted on it."""

_log: Final = logging.getLogger(__name__)


class NothingToServe(LookupError):
    """There is no index and no articles that could make one."""


def build_knowledge(
    data_dir: Path,
    articles_dir: Path,
    figures: Figures,
    clock: Clock,
    chroma_url: str | None = None,
    embedder: Embedder | None = None,
    phrasings_dir: Path = FOLDER,
) -> KnowledgeSearch:
    """Bring the index up to date and open it; under a second when nothing changed.

    When the articles are refused, that is logged and the index made before is served. Raises ArticleRefused when there
    is none, IndexUnreachable when no server answers at ``chroma_url``. Without a URL the index lives in ``data_dir``.
    """
    phrasings = read_phrasings(phrasings_dir)
    embedder = embedder or default_embedder(phrasings)
    vectors = open_vectors(data_dir, chroma_url)
    try:
        refused = _try_ingest(articles_dir, figures, vectors, embedder)
        served = vectors.served()
        if served is None:
            raise refused or NothingToServe(f"nothing was ingested from {articles_dir}")
        entries = vectors.read(served)
    finally:
        vectors.close()
    return _search(data_dir, entries, phrasings, read_concepts(phrasings_dir), embedder=embedder, clock=clock)


def update_index(data_dir: Path, articles_dir: Path, figures: Figures, chroma_url: str | None = None) -> Ingested:
    """Only the ingest, for the command line. Raises ArticleRefused with the old index untouched.

    A running application serves the new index from its next start.
    """
    vectors = open_vectors(data_dir, chroma_url)
    try:
        return ingest(articles_dir, figures, vectors, default_embedder(read_phrasings()))
    finally:
        vectors.close()


def open_vectors(data_dir: Path, chroma_url: str | None = None) -> ChromaVectors:
    """The index on the server at the URL, or on disk under ``data_dir/chroma``. Raises IndexUnreachable."""
    return ChromaVectors.on_server(chroma_url) if chroma_url else ChromaVectors.on_disk(data_dir / "chroma")


def default_embedder(phrasings: Sequence[Phrasing]) -> HashedLetters:
    """The embedder that needs no model, its idea of what is common taken from how shoppers write."""
    return HashedLetters([phrasing.text for phrasing in phrasings])


def _try_ingest(
    articles_dir: Path, figures: Figures, vectors: ChromaVectors, embedder: Embedder
) -> ArticleRefused | None:
    try:
        ingest(articles_dir, figures, vectors, embedder)
    except ArticleRefused as refused:
        _log.warning("articles refused, the index made before goes on serving: %s", refused)
        return refused
    return None


def _search(
    data_dir: Path, entries: Sequence[Entry], phrasings: Sequence[Phrasing], concept_entries: dict[str, list[str]], *,
    embedder: Embedder, clock: Clock,
) -> KnowledgeSearch:  # fmt: skip
    examples = (*phrasings, *_titles(entries))
    concepts = Concepts.of(concept_entries)
    model = load_or_learn(data_dir / "topics", examples, concept_entries, concepts)
    counts = Counter(example.topic for example in examples)
    return KnowledgeSearch(
        entries,
        model,
        frozenset(topic for topic, count in counts.items() if count >= _ENOUGH),
        hearing=Hearing(
            [*(example.text for example in examples), *(entry.chunk.indexed for entry in entries)], concepts
        ),
        concepts=concepts,
        embedder=embedder,
        clock=clock,
    )


def _titles(entries: Sequence[Entry]) -> tuple[Phrasing, ...]:
    """What the articles themselves say they are about: their titles and the questions listed in their front matter."""
    openings = (entry.chunk for entry in entries if entry.chunk.number == 0)
    return tuple(
        Phrasing(text, chunk.topic, chunk.language) for chunk in openings for text in (chunk.title, *chunk.asked)
    )
