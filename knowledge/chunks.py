"""Articles cut into pieces that can be quoted, each under its own headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from knowledge.articles import Article
from knowledge.features import Floats
from knowledge.words import words

LONGEST: Final = 180
"""Words of a piece, at most; a single paragraph that is longer stays whole."""

SHORTEST: Final = 12
"""A section with fewer words than this joins the one before it, its heading kept as a line."""

_HEADING: Final = re.compile(r"^(#{2,6})\s+(.+?)\s*#*$")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one version of an article; ``path`` is empty and ``number`` 0 for its opening."""

    article: str
    topic: str
    title: str
    audience: str
    language: str
    effective_from: date
    effective_to: date | None
    asked: tuple[str, ...]
    digest: str
    number: int
    path: tuple[str, ...]
    text: str
    url: str

    @property
    def id(self) -> str:
        """The same for the same content, in every index."""
        return f"{self.article}.{self.digest[:16]}.{self.number}"

    @property
    def indexed(self) -> str:
        """What is searched: a piece answers for its title and headings too."""
        return "\n".join((self.title, *self.path, self.text))

    def in_force(self, day: date) -> bool:
        """Whether it may be quoted on that day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Entry:
    """A chunk with its vector."""

    chunk: Chunk
    vector: Floats


def split(article: Article) -> tuple[Chunk, ...]:
    """A piece a section, in the order of the article; long sections are parted between paragraphs."""
    page = f"/help/{article.language}/{article.id}"
    return tuple(
        Chunk(
            article=article.id,
            topic=article.topic,
            title=article.title,
            audience=article.audience,
            language=article.language,
            effective_from=article.effective_from,
            effective_to=article.effective_to,
            asked=article.asked,
            digest=article.digest,
            number=number,
            path=path,
            text=text,
            url=f"{page}#{anchor(path[-1])}" if path else page,
        )
        for number, (path, text) in enumerate(_pieces(article.body))
    )


def anchor(heading: str) -> str:
    """The fragment of a heading: folded words joined by hyphens."""
    return "-".join(words(heading))


def _pieces(body: str) -> list[tuple[tuple[str, ...], str]]:
    pieces: list[tuple[tuple[str, ...], str]] = []
    for path, text in _sections(body):
        if pieces and len(text.split()) < SHORTEST:
            above, before = pieces[-1]
            pieces[-1] = (above, f"{before}\n\n{path[-1]}\n\n{text}" if path != above else f"{before}\n\n{text}")
        else:
            pieces.extend((path, part) for part in _parts(text))
    return pieces


def _sections(body: str) -> Iterator[tuple[tuple[str, ...], str]]:
    path: list[str] = []
    lines: list[str] = []
    for line in body.splitlines():
        heading = _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        if text := "\n".join(lines).strip():
            yield tuple(path), text
        lines = []
        path[len(heading[1]) - 2 :] = [heading[2]]
    if text := "\n".join(lines).strip():
        yield tuple(path), text


def _parts(text: str) -> Iterator[str]:
    part: list[str] = []
    length = 0
    for paragraph in text.split("\n\n"):
        count = len(paragraph.split())
        if part and length + count > LONGEST:
            yield "\n\n".join(part)
            part, length = [], 0
        part.append(paragraph)
        length += count
    yield "\n\n".join(part)
