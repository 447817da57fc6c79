"""How a tool says no to the model. The texts are ours and carry no personal data; the raw cause never reaches it."""

from __future__ import annotations

from typing import Any


class ToolFailure(Exception):
    """A tool could not do it. ``code`` is stable; ``details`` is what the model may use, JSON-ready."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class AskAgain(ToolFailure):
    """Something is missing or does not fit; another call, or a question to the shopper, can mend it."""


class Final(ToolFailure):
    """It cannot be done; trying again will not help."""
