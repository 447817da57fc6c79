"""How much of a long conversation a turn is decided from."""

from __future__ import annotations

HISTORY_MESSAGES = 60
"""The last messages in a claim's file, this turn's own among them."""

HISTORY_TURNS = 10
"""A claim's file has the tool calls of this many turns before its own."""
