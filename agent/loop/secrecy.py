"""Keeps what a model is told about its work, and the key it is reached with, out of what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable

RUN = 9
"""So many words of the prompt in a row are no accident."""
KEY_CHARS = 8
_WORD = re.compile(r"\w+")


class Secrecy:
    """Knows runs of the prompt's own words; ``secrets`` must not come up at all, however they are spaced."""

    def __init__(self, prompt: str, secrets: Iterable[str] = ()) -> None:
        self._runs = frozenset(_runs(prompt))
        self._secrets = tuple(_plain(secret) for secret in secrets if len(secret) >= KEY_CHARS)

    def is_broken_by(self, text: str) -> bool:
        """Whether the text repeats the prompt, or a secret."""
        plain = _plain(text)
        return any(secret in plain for secret in self._secrets) or not self._runs.isdisjoint(_runs(text))


def _runs(text: str) -> Iterable[str]:
    words = _WORD.findall(text.casefold())
    return (" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
