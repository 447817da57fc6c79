"""A change that waits for a person with authority, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.casework.cards.differences import rows_of
from agent.console.pages import Page
from prompts.loader import Sentences


def exception_view(waiting: Mapping[str, Any], page: Page, sentences: Sentences) -> dict[str, Any]:
    """What is asked, what it changes, what it costs and which rule stands in its way."""
    return {
        "id": waiting["id"],
        "handoff_id": waiting["handoff_id"],
        "order": waiting["order"],
        "summary": waiting["summary"],
        "asked_at": waiting["asked_at"],
        "cost": waiting["cost"],
        "why": ", ".join(page.label("refused", code) for code in waiting.get("codes", [waiting["code"]])),
        "may_decide": waiting.get("may_decide", True),
        "rows": rows_of(waiting["before"], waiting["after"], page.language, sentences),
    }
