"""Addresses as they may be said aloud."""

from __future__ import annotations


def mask(email: str) -> str:
    """``lucia@example.com`` as ``l***@example.com``."""
    name, _, host = email.partition("@")
    return f"{name[:1]}***@{host}"
