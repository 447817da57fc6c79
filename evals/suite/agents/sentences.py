"""What the stand-ins say, out of their file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import yaml

from agent.casework.draft import Draft

FILE: Final = Path(__file__).with_name("sentences.yaml")


def sentence(name: str, draft: Draft) -> str:
    """In the conversation's language. Raises ``KeyError`` for a name that is not in the file."""
    return _sentences()[name][draft.conversation.language]


@cache
def _sentences() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read
