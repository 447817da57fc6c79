"""Articles into the index: only what changed is embedded, and what is served changes in one step or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from knowledge.articles import Article, Figures, read_articles
from knowledge.chunks import Chunk, Entry, split
from knowledge.embedder import Embedder

if TYPE_CHECKING:
    from knowledge.vectors import ChromaVectors

_FORMAT: Final = "1"
"""Raised when articles are cut or stored another way, so that every index is made anew."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did, counted in articles (an article in two languages counts twice)."""

    generation: str
    added: int
    changed: int
    removed: int
    unchanged: int


def ingest(folder: Path, figures: Figures, vectors: ChromaVectors, embedder: Embedder) -> Ingested:
    """Bring the index up to date with the folder.

    A new generation is written beside the one being served, which goes on serving until the last piece is in. Unchanged
    articles keep their vectors. Raises ArticleRefused before anything is written.
    """
    articles = read_articles(folder, figures)
    generation = name_generation(articles, embedder)
    served = vectors.served()
    if served == generation:
        return Ingested(generation, 0, 0, 0, len(articles))
    before = vectors.read(served) if served else ()
    reusable = {entry.chunk.id: entry for entry in before} if served and _same_space(served, generation) else {}
    vectors.write(generation, _entries(articles, reusable, embedder))
    vectors.serve(generation)
    return _compare(generation, [entry.chunk for entry in before], articles)


def _entries(articles: Iterable[Article], reusable: Mapping[str, Entry], embedder: Embedder) -> list[Entry]:
    chunks = [chunk for article in articles for chunk in split(article)]
    fresh = [chunk for chunk in chunks if chunk.id not in reusable]
    rows = embedder.embed([chunk.indexed for chunk in fresh]) if fresh else ()
    made = {chunk.id: Entry(chunk, row) for chunk, row in zip(fresh, rows, strict=True)}
    return [reusable.get(chunk.id) or made[chunk.id] for chunk in chunks]


def name_generation(articles: Iterable[Article], embedder: Embedder) -> str:
    """Named after its content, so that replicas that ingest the same articles at once write the same thing twice."""
    content = "\n".join([_FORMAT, *sorted(f"{article.language}/{article.id}/{article.digest}" for article in articles)])
    return f"{_digest(embedder.name)}{_digest(content)}"


def _same_space(one: str, other: str) -> bool:
    return one[:12] == other[:12]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _compare(generation: str, before: Sequence[Chunk], articles: Sequence[Article]) -> Ingested:
    old = {(chunk.language, chunk.article, chunk.effective_from): chunk.digest for chunk in before}
    new = {(article.language, article.id, article.effective_from): article.digest for article in articles}
    shared = old.keys() & new.keys()
    unchanged = sum(old[key] == new[key] for key in shared)
    return Ingested(
        generation,
        added=len(new.keys() - old.keys()),
        changed=len(shared) - unchanged,
        removed=len(old.keys() - new.keys()),
        unchanged=unchanged,
    )
