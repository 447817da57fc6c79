"""The words that carry signals, read from one file a language.

A file holds ``parts`` (pieces of patterns, used as ``<name>`` in later parts and in patterns), ``short`` (abbreviations
spelled out), ``mended`` (words whose misspellings are put right), ``kept`` (real words that look like misspellings of
those) and ``signals``. A signal has ``hits``, searched in the line; ``pairs``, two patterns that have to be near each other in any
order; ``alone``, which have to be a whole sentence; and ``unless``, wider readings in which a hit that they touch means
something else. Patterns are regular expressions over the
words of ``spelling.Plain``: lower case, no accents, one space between words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import Misconfigured
from agent.escalation.openings import Phrase
from agent.escalation.signals import Signal

FOLDER: Final = Path(__file__).parent / "lexicon"
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one on libyaml where it was built in."""

LANGUAGES: Final = ("es", "en", "pt")

_PART: Final = re.compile(r"<([a-z_]+)>")


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    hits: list[str] = Field(default_factory=list)
    pairs: list[tuple[str, str]] = Field(default_factory=list)
    alone: list[str] = Field(default_factory=list)
    unless: list[str] = Field(default_factory=list)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    parts: dict[str, str]
    short: dict[str, str] = Field(default_factory=dict)
    mended: list[str] = Field(default_factory=list)
    kept: list[str] = Field(default_factory=list)
    signals: dict[Signal, _Words]


@dataclass(frozen=True, slots=True)
class Patterns:
    """One signal in one language."""

    hits: tuple[Phrase, ...]
    pairs: tuple[tuple[Phrase, Phrase], ...]
    alone: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words."""

    language: str
    signals: Mapping[Signal, Patterns]
    short: Mapping[str, str]
    mended: tuple[str, ...]
    kept: tuple[str, ...]


def load_lexicon(file: Path) -> Lexicon:
    """Read one language's file, named after it.

    Raises:
        Misconfigured: Names the file and the key that cannot be used.

    """
    try:
        words = _File.model_validate(yaml.load(file.read_text("utf-8"), Loader=LOADER))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{file}: cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise Misconfigured(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    parts: dict[str, str] = {}
    for name, pattern in words.parts.items():
        parts[name] = f"(?:{_with_parts(pattern, parts, f'{file}: parts.{name}')})"
    signals = {
        signal: Patterns(
            hits=_phrases(group.hits, parts, f"{file}: signals.{signal}.hits"),
            pairs=tuple(
                (
                    _phrase(pair[0], parts, f"{file}: signals.{signal}.pairs.{n}.0"),
                    _phrase(pair[1], parts, f"{file}: signals.{signal}.pairs.{n}.1"),
                )
                for n, pair in enumerate(group.pairs)
            ),
            alone=_phrases(group.alone, parts, f"{file}: signals.{signal}.alone"),
            unless=_phrases(group.unless, parts, f"{file}: signals.{signal}.unless"),
        )
        for signal, group in words.signals.items()
    }
    return Lexicon(file.stem, signals, words.short, tuple(words.mended), tuple(words.kept))


def _phrases(patterns: Sequence[str], parts: Mapping[str, str], where: str) -> tuple[Phrase, ...]:
    return tuple(_phrase(pattern, parts, f"{where}.{index}") for index, pattern in enumerate(patterns))


def _phrase(pattern: str, parts: Mapping[str, str], where: str) -> Phrase:
    try:
        return Phrase(_with_parts(pattern, parts, where))
    except re.error as error:
        raise Misconfigured(f"{where}: is not a regular expression: {error}") from error
    except ValueError as error:
        raise Misconfigured(f"{where}: matches an empty line") from error


def _with_parts(pattern: str, parts: Mapping[str, str], where: str) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1] not in parts:
            raise Misconfigured(f"{where}: there is no part <{found[1]}> above it")
        return parts[found[1]]

    return _PART.sub(fill, pattern)
