"""A small help centre that a test may write, index and spoil."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.embedder import HashedLetters

FIGURES = {
    "es": {"return_days": "30", "warranty_months": "12"},
    "en": {"return_days": "30", "warranty_months": "12"},
    "pt": {"return_days": "30", "warranty_months": "12"},
}

ARTICLE = """---
id: {id}
topic: {topic}
title: "{title}"
audience: {audience}
language: {language}
effective_from: {since}
{extra}related: []
---

{body}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write an article of the help centre; answers its path."""

    def write_article(
        name: str,
        body: str,
        *,
        title: str = "Title",
        topic: str = "",
        language: str = "en",
        since: str = "2026-03-01",
        audience: str = "shopper",
        extra: str = "",
    ) -> Path:
        path = tmp_path / "articles" / language / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        identity = name.split(".")[0]
        path.write_text(
            ARTICLE.format(
                id=identity,
                topic=topic or identity,
                title=title,
                language=language,
                since=since,
                audience=audience,
                extra=extra,
                body=body,
            ),
            encoding="utf-8",
        )
        return path

    return write_article


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Where ``write`` puts them."""
    return tmp_path / "articles"


@pytest.fixture
def figures() -> dict[str, dict[str, str]]:
    return {language: dict(names) for language, names in FIGURES.items()}


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: datetime(2026, 11, 22, 12, tzinfo=UTC)


class CountingEmbedder:
    """The default embedder, counting the texts it is given."""

    def __init__(self) -> None:
        self._letters = HashedLetters(["where is my order", "dónde está mi pedido"])
        self.name = self._letters.name
        self.embedded: list[str] = []

    def embed(self, texts):
        self.embedded.extend(texts)
        return self._letters.embed(texts)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()
