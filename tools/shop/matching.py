"""When two ways of writing a number, name, e-mail, phone or postal code mean the same one.

Each function gives a key: two writings are the same exactly when their keys are equal and not empty. An empty key
matches nothing.
"""

from __future__ import annotations

import unicodedata

PHONE_DIGITS = 8


def number_key(number: str) -> str:
    """Letters and digits only, in capitals: ``#W-1`` and ``w 1`` give ``W1``."""
    return _alphanumeric(number).upper()


def name_key(name: str) -> str:
    """Without case, accents, spaces, hyphens and apostrophes: ``Muñoz-Ríos`` and ``munoz rios`` are one name."""
    return _alphanumeric(_plain(name)).casefold()


def email_key(email: str) -> str:
    """Without case, accents and spaces; dots and tags stay, since they can be another person's."""
    return "".join(_plain(email).casefold().split())


def postal_key(code: str) -> str:
    """Letters and digits only, in capitals: ``01310-100`` and ``01310 100`` are one code."""
    return _alphanumeric(code).upper()


def phone_key(phone: str) -> str:
    """The last eight digits; empty when there are fewer, for such a number proves nothing."""
    digits = "".join(str(unicodedata.decimal(char)) for char in phone if char.isdecimal())
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def _alphanumeric(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
