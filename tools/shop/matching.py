"""When two ways of writing a number, name, e-mail, phone or postal code mean the same one.

Each function gives a key: two writings are the same exactly when their keys are equal and not empty. An empty key
matches nothing.
"""

from __future__ import annotations

import re
import unicodedata

PHONE_DIGITS = 8
ZIP_DIGITS = 5
ARGENTINE = re.compile(r"[A-HJ-NP-Z](?P<digits>[0-9]{4})(?:[A-Z]{3})?")


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
    """Letters and digits only, in capitals, without what people leave out: ``01310-100`` and ``01310 100`` are one code.

    An Argentine code counts by its four digits (``C1043AAZ``, ``C1043`` and ``1043``: the letters name the province
    and the side of the street), a ZIP+4 by its ZIP.
    """
    plain = _alphanumeric(code).upper()
    if argentine := ARGENTINE.fullmatch(plain):
        return argentine["digits"]
    return plain[:ZIP_DIGITS] if len(plain) == ZIP_DIGITS + 4 and plain.isdecimal() else plain


def phone_key(phone: str) -> str:
    """The last eight digits; empty when there are fewer, for such a number proves nothing."""
    digits = "".join(str(unicodedata.decimal(char)) for char in phone if char.isdecimal())
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def _alphanumeric(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
