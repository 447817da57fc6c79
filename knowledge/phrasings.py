"""The ways in which shoppers ask about each topic, and the words they use for the same thing, read from YAML."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import StringConstraints, TypeAdapter, ValidationError

from knowledge.words import LANGUAGES

FOLDER: Final = Path(__file__).parent / "phrasings"
NONE: Final = "none"
"""The class of questions that the help centre cannot answer."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, strict=True)]
_FILE: Final = TypeAdapter(dict[str, list[Line]])


class PhrasingsRefused(ValueError):
    """A phrasings file that is not a mapping of topics to lists of sentences; names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A question in a shopper's words and the topic it is about (``none``: no topic of ours)."""

    text: str
    topic: str
    language: str


def read_phrasings(folder: Path = FOLDER) -> tuple[Phrasing, ...]:
    """Every phrasing of ``{es,en,pt}.yaml``, in file order. Raises PhrasingsRefused."""
    return tuple(
        Phrasing(text, topic, language)
        for language in LANGUAGES
        for topic, texts in _read(folder / f"{language}.yaml").items()
        for text in texts
    )


def read_concepts(folder: Path = FOLDER) -> dict[str, list[str]]:
    """``concepts.yaml``: what each concept is called in the three languages. Raises PhrasingsRefused."""
    return _read(folder / "concepts.yaml")


def _read(path: Path) -> dict[str, list[str]]:
    try:
        return _FILE.validate_python(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except ValidationError as refusal:
        first = refusal.errors()[0]
        raise PhrasingsRefused(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from refusal
