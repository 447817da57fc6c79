"""What others see of the knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotable piece of an article.

    ``article`` is its id (the same in every language), ``path`` the headings above the text, ``score`` 0..1,
    ``supports`` whether it is near enough to the question to base an answer on.
    """

    article: str
    topic: str
    title: str
    language: str
    path: tuple[str, ...]
    text: str
    url: str
    score: float
    supports: bool


class Knowledge(Protocol):
    """Search over the articles in force."""

    async def search(self, text: str, language: str, limit: int = 3) -> Sequence[Passage]:
        """The passages nearest to the text, best first, in that language; empty when nothing comes near."""
        ...

    async def topic(self, topic: str, language: str) -> Passage | None:
        """The opening passage of the article on a topic (``returns_window``), to explain a clause."""
        ...
