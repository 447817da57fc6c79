"""The knowledge base of an application, in one call.

Chroma is imported when it is asked, for it takes a second: a start with unchanged articles reads one file instead.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from knowledge.articles import Figures, read_articles
from knowledge.chunks import Entry
from knowledge.concepts import Concepts
from knowledge.embedder import Embedder, HashedLetters
from knowledge.features import Floats
from knowledge.hearing import Hearing
from knowledge.ingest import Ingested, ingest, name_generation
from knowledge.kept import keep, read_kept
from knowledge.phrasings import FOLDER, Phrasing, read_concepts, read_phrasings
from knowledge.search import Clock, KnowledgeSearch
from knowledge.topic_file import load_or_learn

if TYPE_CHECKING:
    from knowledge.vectors import ChromaVectors

_ENOUGH: Final = 8
"""Ways of asking about a topic from which the topic model is trusted on it."""


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

    Raises ArticleRefused, with the index made before untouched, and IndexUnreachable when no server answers at
    ``chroma_url``. Without a URL the index lives in ``data_dir``.
    """
    phrasings = read_phrasings(phrasings_dir)
    if embedder or chroma_url:
        embedder = embedder or default_embedder(phrasings)
        _, entries = _ask_chroma(open_vectors(data_dir, chroma_url), articles_dir, figures, embedder)
    else:
        entries, embedder = _read_file_or_ask(data_dir, articles_dir, figures, phrasings)
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
    chroma: type[ChromaVectors] = importlib.import_module("knowledge.vectors").ChromaVectors
    return chroma.on_server(chroma_url) if chroma_url else chroma.on_disk(data_dir / "chroma")


def default_embedder(phrasings: Sequence[Phrasing], rarity: Floats | None = None) -> HashedLetters:
    """The embedder that needs no model, its idea of what is common taken from how shoppers write."""
    return HashedLetters([phrasing.text for phrasing in phrasings], rarity)


def _read_file_or_ask(
    data_dir: Path, articles_dir: Path, figures: Figures, phrasings: Sequence[Phrasing]
) -> tuple[tuple[Entry, ...], Embedder]:
    """The index on disk: from its file when it is of these very articles, else from Chroma, and then it is kept."""
    embedder, folder = default_embedder(phrasings), data_dir / "index"
    if kept := read_kept(folder, name_generation(read_articles(articles_dir, figures), embedder)):
        return kept.entries, default_embedder(phrasings, kept.rarity)
    served, entries = _ask_chroma(open_vectors(data_dir), articles_dir, figures, embedder)
    keep(folder, served, entries, embedder.rarity)
    return entries, embedder


def _ask_chroma(
    vectors: ChromaVectors, articles_dir: Path, figures: Figures, embedder: Embedder
) -> tuple[str, tuple[Entry, ...]]:
    """Bring the index up to date; the generation it serves, and what is in it."""
    try:
        generation = ingest(articles_dir, figures, vectors, embedder).generation
        return generation, vectors.read(generation)
    finally:
        vectors.close()


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
