"""Help articles as pages."""

from __future__ import annotations

from pathlib import Path

from agent.app.helping import article_pages

ARTICLE = """---
id: tracking
topic: tracking
title: "Where is it?"
audience: shopper
language: en
effective_from: 2026-03-01
related: []
---

After {{days}} days <script>alert(1)</script>

| a | b |
| - | - |
| 1 | 2 |
"""


def test_an_article_is_rendered_with_its_figures_and_without_raw_html(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "tracking.md").write_text(ARTICLE)
    page = article_pages(tmp_path, {"en": {"days": "7"}})
    html = page("en", "tracking")
    assert html is not None
    assert "<h1>Where is it?</h1>" in html
    assert "After 7 days &lt;script&gt;" in html
    assert "<td>1</td>" in html
    assert page("en", "tracking") is html
    assert page("es", "tracking") is None
    assert page("en", "nothing") is None
