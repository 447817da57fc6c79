"""The references a shopper may quote (RMA, claim, refund): short, readable aloud, and the same for the same key."""

from __future__ import annotations

import hashlib

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIXES = {"rma": "R", "exchange": "X", "claim": "C", "refund": "F"}
LENGTH = 8
TRACKING_DIGITS = 12


def derive(name: str, key: str) -> str:
    """``R-7KQ2M9XA``: eight characters (about 39 bits) of a hash of the key, without the look-alikes 0/O, 1/I, L."""
    number = _hash(name, key)
    chars = []
    for _ in range(LENGTH):
        number, index = divmod(number, len(LETTERS))
        chars.append(LETTERS[index])
    return f"{PREFIXES[name]}-{''.join(chars)}"


def derive_tracking(key: str) -> str:
    """The tracking number of a return label: twelve digits."""
    return str(_hash("label", key) % 10**TRACKING_DIGITS).zfill(TRACKING_DIGITS)


def _hash(name: str, key: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{name}:{key}".encode()).digest(), "big")
