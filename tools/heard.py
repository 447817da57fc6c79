"""What the shopper said themselves: proof of who they are may come from nobody else, least of all from a model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

_NOT_SAID = re.compile(r"[\W_]+")
PHONE_DIGITS = 8


@dataclass(frozen=True)
class Heard:
    """The shopper's own words in this conversation, and what was read in them (a number they spelled out)."""

    texts: tuple[str, ...] = ()

    def says(self, value: str) -> bool:
        """Whether the shopper said that, in whatever spacing, case or accents; a phone by its last eight digits."""
        wanted = _plain(value)
        if any(wanted in text for text in self._plain_texts):
            return True
        digits = re.sub(r"\D", "", value)[-PHONE_DIGITS:]
        return len(digits) == PHONE_DIGITS and any(digits in re.sub(r"\D", "", text) for text in self.texts)

    def unsaid(self, values: Iterable[tuple[str, str]]) -> list[str]:
        """The names of those ``(name, value)`` that the shopper did not say; empty values are none."""
        return [name for name, value in values if value and not self.says(value)]

    @cached_property
    def _plain_texts(self) -> tuple[str, ...]:
        return tuple(_plain(text) for text in self.texts)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_SAID.sub("", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))
