"""The help articles as safe HTML, for the links under a reply."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from knowledge.articles import read_articles


def article_pages(folder: Path, figures: Mapping[str, Mapping[str, str]]) -> Callable[[str, str], str | None]:
    """A function from language and article id to HTML, or none. Raw HTML in an article stays text.

    The articles are read now, and each is rendered when it is first asked for.
    """
    articles = {(article.language, article.id): article for article in read_articles(folder, figures)}

    @cache
    def page(language: str, name: str) -> str:
        article = articles[language, name]
        return _render(f"# {article.title}\n\n{article.body}")

    return lambda language, name: page(language, name) if (language, name) in articles else None


def _render(text: str) -> str:
    markdown = importlib.import_module("markdown_it").MarkdownIt("commonmark", {"html": False}).enable("table")
    return str(markdown.render(text))
