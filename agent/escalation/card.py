"""Card numbers typed into the chat."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.redaction import CARD

_DIGITS: Final = re.compile(r"(?<![\w-])[3-6](?:[ -]?\d){12,18}(?![\w-])")
_REMOVED: Final = re.compile(re.escape(CARD))


def find_card(text: str) -> re.Match[str] | None:
    """The first run of 13 to 19 digits whose check digit (Luhn, ISO/IEC 7812-1) is that of a card, or where one was."""
    found = (run for run in _DIGITS.finditer(text) if _checks(re.sub(r"\D", "", run[0])))
    return next(found, None) or _REMOVED.search(text)


def _checks(digits: str) -> bool:
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0
