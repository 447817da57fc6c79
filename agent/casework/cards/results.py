"""What the tools of a turn found, by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from agent.conversation import ToolCall

View = Mapping[str, Any]
Results = Mapping[str, tuple[View, ...]]


def results_of(calls: Iterable[ToolCall]) -> Results:
    """Results that are objects, oldest first; a call that failed found nothing."""
    found: dict[str, list[View]] = {}
    for call in calls:
        view = _read(call.result) if call.ok else None
        if view is not None:
            found.setdefault(call.name, []).append(view)
    return {name: tuple(views) for name, views in found.items()}


def last(results: Results, *names: str) -> View | None:
    """The newest result of the first of these tools that found something."""
    return next((results[name][-1] for name in names if results.get(name)), None)


def _read(text: str) -> View | None:
    try:
        view = json.loads(text)
    except ValueError:
        return None
    return view if isinstance(view, dict) and "code" not in view else None
