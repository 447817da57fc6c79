"""What all parts of a case file have in common."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Language = Literal["es", "en", "pt"]
LANGUAGES: tuple[Language, ...] = ("es", "en", "pt")


class Strict(BaseModel):
    """Frozen; a key that does not exist is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


Pattern = Annotated[str, AfterValidator(_pattern), Field(min_length=1)]
"""A regular expression, searched without regard to letter case; ``.`` matches line ends."""

Partial = dict[str, Any]
"""Some fields of a value: a mapping names some keys, a list names every element, texts are compared as they are written."""


class Span(Strict):
    """A stretch of virtual time."""

    days: float = Field(default=0, ge=0)
    hours: float = Field(default=0, ge=0)
    minutes: float = Field(default=0, ge=0)

    @property
    def seconds(self) -> float:
        """All of it."""
        return (self.days * 24 + self.hours) * 3600 + self.minutes * 60
