"""Marks text that came from outside as data, so that a model can tell it from what it is told to do."""

from __future__ import annotations


def fence(text: str, source: str) -> str:
    """The text between ``<data>`` marks that nothing in it can close: JSON knows ``<`` by its code as well."""
    return f'<data from="{source}">\n{disarm(text)}\n</data>'


def disarm(json_text: str) -> str:
    """The same JSON without an opening bracket of a mark in it."""
    return json_text.replace("<", "\\u003c")
