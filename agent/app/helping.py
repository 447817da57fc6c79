"""The help articles as safe HTML, for the links under a reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from markdown_it import MarkdownIt

from knowledge.articles import read_articles


def article_pages(folder: Path, figures: Mapping[str, Mapping[str, str]]) -> Callable[[str, str], str | None]:
    """A function from language and article id to HTML, or none. Raw HTML in an article stays text."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    pages = {
        (article.language, article.id): markdown.render(f"# {article.title}\n\n{article.body}")
        for article in read_articles(folder, figures)
    }
    return lambda language, article: pages.get((language, article))
