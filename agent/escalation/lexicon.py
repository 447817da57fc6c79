"""The words that carry signals, read from one file a language and compiled into one pattern a signal and language.

A file holds ``parts`` (pieces of patterns, used as ``<name>`` in later parts and in patterns), ``short`` (abbreviations
spelled out), ``mended`` (words whose misspellings are put right), ``kept`` (real words that look like misspellings of
those) and ``signals``. A signal has ``hits``, searched in the line; ``pairs``, two patterns that have to be near each other in any
order; ``alone``, which have to be a whole sentence; and ``unless``, wider readings in which a hit that they touch means
something else. Patterns are regular expressions over the
words of ``spelling.Plain``: lower case, no accents, one space between words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import Misconfigured
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
    """One signal in one language, compiled; none where the file has no words for it."""

    hits: re.Pattern[str] | None
    pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    alone: re.Pattern[str] | None
    unless: re.Pattern[str] | None


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
            hits=_any_of(group.hits, parts, f"{file}: signals.{signal}.hits"),
            pairs=tuple(
                _pair(pair, parts, f"{file}: signals.{signal}.pairs.{n}") for n, pair in enumerate(group.pairs)
            ),
            alone=_any_of(group.alone, parts, f"{file}: signals.{signal}.alone"),
            unless=_any_of(group.unless, parts, f"{file}: signals.{signal}.unless"),
        )
        for signal, group in words.signals.items()
    }
    return Lexicon(file.stem, signals, words.short, tuple(words.mended), tuple(words.kept))


def _any_of(patterns: list[str], parts: Mapping[str, str], where: str) -> re.Pattern[str] | None:
    return _compiled(patterns, parts, where) if patterns else None


def _compiled(patterns: list[str], parts: Mapping[str, str], where: str) -> re.Pattern[str]:
    filled = [_with_parts(pattern, parts, f"{where}.{index}") for index, pattern in enumerate(patterns)]
    try:
        whole = re.compile(rf"(?<!\S)(?:{'|'.join(filled)})(?!\S)")
    except re.error as error:
        raise _wrong_one(filled, where) from error
    if whole.search(""):
        raise _wrong_one(filled, where)
    return whole


def _wrong_one(filled: list[str], where: str) -> Misconfigured:
    """Which of the patterns spoils the whole. Each is compiled only then: compiling is most of a start's time."""
    for index, pattern in enumerate(filled):
        try:
            empty = re.compile(pattern).search("")
        except re.error as error:
            return Misconfigured(f"{where}.{index}: is not a regular expression: {error}")
        if empty:
            return Misconfigured(f"{where}.{index}: matches an empty line")
    return Misconfigured(f"{where}: cannot be used together")


def _pair(pair: tuple[str, str], parts: Mapping[str, str], where: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _compiled([pair[0]], parts, where), _compiled([pair[1]], parts, where)


def _with_parts(pattern: str, parts: Mapping[str, str], where: str) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1] not in parts:
            raise Misconfigured(f"{where}: there is no part <{found[1]}> above it")
        return parts[found[1]]

    return _PART.sub(fill, pattern)
