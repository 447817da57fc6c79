"""The short name of a case: what a shopper can read out on the telephone."""

from __future__ import annotations

from base64 import b32encode
from hashlib import sha256

LETTERS = 6


def ticket_of(handoff_id: str) -> str:
    """``T-`` and six letters or digits, always the same for the same case; 0, 1, 8 and 9 are not among them."""
    return f"T-{b32encode(sha256(handoff_id.encode()).digest())[:LETTERS].decode()}"
