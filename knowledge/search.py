"""Search over the articles in force: what the question is about, checked against the words of each article."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

import numpy as np

from knowledge.chunks import Chunk, Entry
from knowledge.concepts import Concepts
from knowledge.embedder import Embedder
from knowledge.features import Floats
from knowledge.hearing import Hearing
from knowledge.meaning import Meaning
from knowledge.port import Passage
from knowledge.shelf import Shelf
from knowledge.topics import TopicModel
from knowledge.words import LANGUAGES

Clock: TypeAlias = Callable[[], datetime]
"""Answers the time in the shop's zone, in which the days of an article are counted."""

_FALLBACK: Final[Mapping[str, tuple[str, ...]]] = {"es": ("en", "pt"), "en": ("es", "pt"), "pt": ("es", "en")}
_TOPIC_SHARE, _WORDS_SHARE, _LETTERS_SHARE = 0.9, 0.05, 0.05
_MEANING_LEAD: Final = 6.0
"""Weight of nearness in meaning over that of letters: three tenths of a score, a third of what the topic has."""

_COVERED: Final = 0.6
"""Share of a question's words from which an article on a topic without phrasings supports an answer."""

_NEAR: Final = 0.15
"""Score below which a passage that supports nothing is not worth showing."""


@dataclass(frozen=True, slots=True)
class _Belief:
    """How far a chunk's topic is what was asked, 0..1, and whether that is far enough to answer from it."""

    chance: float
    supports: bool


class KnowledgeSearch:
    """``knowledge.port.Knowledge`` over an index in memory; a millisecond a search, fit for the event loop.

    ``meaning`` adds nearness by embeddings, where there are any; whether a passage supports an answer is decided without it.
    """

    def __init__(
        self, entries: Sequence[Entry], model: TopicModel, taught: frozenset[str], *, hearing: Hearing,
        concepts: Concepts, embedder: Embedder, clock: Clock,
    ) -> None:  # fmt: skip
        """``taught`` are the topics with phrasings enough for the model to be trusted on them."""
        self._entries = tuple(entry for entry in entries if entry.chunk.audience == "shopper")
        self._model = model
        self._taught = taught
        self._hearing = hearing
        self._concepts = concepts
        self._embedder = embedder
        self._clock = clock
        self.meaning: Meaning | None = None
        self._day: date | None = None
        self._shelves: dict[str, Shelf] = {}

    async def search(self, text: str, language: str, limit: int = 3) -> Sequence[Passage]:
        """See the port. One passage an article; those behind the first that supports an answer are kept for context."""
        shelf = self._shelf(language)
        asked = self._hearing(text)
        if shelf is None or not asked:
            return ()
        near_words = shelf.by_words(asked, language)
        near_words /= max(float(near_words.max()), 1.0)
        near_letters = np.clip(shelf.by_vector(self._embedder.embed([asked])[0]), 0, 1)
        if self.meaning is not None and (near := await self.meaning.nearness(text, shelf.chunks)) is not None:
            near_letters = near_letters + _MEANING_LEAD * near
        beliefs = self._beliefs(asked, language, shelf)
        best = _best_of_each_article(shelf.chunks, shelf.sections.shares(asked, language) + near_letters)
        scores = {
            at: _TOPIC_SHARE * beliefs[at].chance + _WORDS_SHARE * near_words[at] + _LETTERS_SHARE * near_letters[at]
            for at in best
        }
        ranked = sorted(best, key=lambda at: -scores[at])[:limit]
        answered = any(beliefs[at].supports for at in ranked)
        kept = [at for at in ranked if answered or scores[at] >= _NEAR]
        return tuple(_passage(shelf.chunks[at], float(scores[at]), beliefs[at].supports) for at in kept)

    @property
    def chunks(self) -> Sequence[Chunk]:
        """All that shoppers may be quoted, in force or not."""
        return [entry.chunk for entry in self._entries]

    async def topic(self, topic: str, language: str) -> Passage | None:
        """See the port."""
        shelf = self._shelf(language)
        opening = (chunk for chunk in shelf.chunks if chunk.topic == topic and chunk.number == 0) if shelf else iter(())
        return next((_passage(chunk, 1.0, supports=True) for chunk in opening), None)

    def _beliefs(self, asked: str, language: str, shelf: Shelf) -> list[_Belief]:
        reading = self._model.read(asked)
        taught = {
            topic: _Belief(chance, reading.supports(topic))
            for topic, chance in reading.chances.items()
            if topic in self._taught
        }
        if taught.keys() >= shelf.topics:
            return [taught[chunk.topic] for chunk in shelf.chunks]
        coverage = shelf.coverage(asked, language)
        return [
            taught.get(chunk.topic) or _Belief(float(share) if share >= _COVERED else 0.0, bool(share >= _COVERED))
            for chunk, share in zip(shelf.chunks, coverage, strict=True)
        ]

    def _shelf(self, language: str) -> Shelf | None:
        """What may be quoted today: own articles, and for each that this language lacks, another language's."""
        today = self._clock().date()
        if today != self._day:
            self._day, self._shelves = today, {}
        if language not in self._shelves:
            entries = self._in_force(language, today)
            if not entries:
                return None
            self._shelves[language] = Shelf(entries, self._concepts)
        return self._shelves[language]

    def _in_force(self, language: str, day: date) -> list[Entry]:
        held: set[str] = set()
        entries: list[Entry] = []
        for tongue in (language, *_FALLBACK.get(language, LANGUAGES)):
            ours = [
                entry
                for entry in self._entries
                if entry.chunk.language == tongue and entry.chunk.article not in held and entry.chunk.in_force(day)
            ]
            entries.extend(ours)
            held.update(entry.chunk.article for entry in ours)
        return entries


def _best_of_each_article(chunks: Sequence[Chunk], nearness: Floats) -> list[int]:
    best: dict[str, int] = {}
    for at in np.argsort(-nearness, kind="stable").tolist():
        best.setdefault(chunks[at].article, at)
    return list(best.values())


def _passage(chunk: Chunk, score: float, supports: bool) -> Passage:
    return Passage(
        article=chunk.article,
        topic=chunk.topic,
        title=chunk.title,
        language=chunk.language,
        path=chunk.path,
        text=chunk.text,
        url=chunk.url,
        score=min(1.0, score),
        supports=supports,
    )
