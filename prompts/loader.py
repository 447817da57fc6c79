"""Reads sentences and prompts from files, and refuses a missing key, a missing value and an unused one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jinja2
import jinja2.meta
import yaml

from prompts import forms

LANGUAGES = ("es", "en", "pt")
FOLDER = Path(__file__).parent


class PromptRefused(ValueError):
    """A prompt file is wrong; the text names file and key."""


_PLACE = re.compile(r"\{\{ ([a-z]\w*) \}\}")


class _Variant(Protocol):
    """One wording and the values it takes."""

    @property
    def names(self) -> AbstractSet[str]: ...

    def say(self, values: Mapping[str, Any]) -> str: ...


class _Plain:
    """Text with nothing but places for values in it, which needs no template engine: four of five are."""

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces
        self.names = frozenset(pieces[1::2])

    def say(self, values: Mapping[str, Any]) -> str:
        return "".join(str(values[piece]) if at % 2 else piece for at, piece in enumerate(self._pieces)).strip()


class _Template:
    """A wording with filters or conditions, checked when it is read and compiled when it is first said."""

    def __init__(self, environment: jinja2.Environment, text: str) -> None:
        parsed = environment.parse(text)
        self.names = jinja2.meta.find_undeclared_variables(parsed)
        self._environment, self._parsed = environment, parsed
        self._template: jinja2.Template | None = None

    def say(self, values: Mapping[str, Any]) -> str:
        if self._template is None:
            self._template = self._environment.from_string(self._parsed)
        return self._template.render(values).strip()


def _variant(environment: jinja2.Environment, text: str) -> _Variant:
    pieces = _PLACE.split(text)
    return _Template(environment, text) if any("{" in piece for piece in pieces[::2]) else _Plain(pieces)


@dataclass(frozen=True, slots=True)
class _Sentence:
    variants: tuple[_Variant, ...]
    names: frozenset[str]


def _environment(language: str) -> jinja2.Environment:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.filters["money"] = lambda value: forms.money(value, language)
    environment.filters["day"] = lambda value: forms.day(value, language)
    environment.filters["hour"] = lambda value: forms.hour(value, language)
    environment.filters["listed"] = lambda value: forms.listed(value, language)
    return environment


class Sentences:
    """What code says to shoppers, in three languages.

    Built by ``Sentences.load``. A key may have several variants; ``pick`` chooses one, so that a conversation does
    not sound like a machine and yet the same conversation always reads the same.
    """

    def __init__(self, by_language: Mapping[str, Mapping[str, _Sentence]]) -> None:
        self._by_language = by_language

    @classmethod
    def load(cls, folder: Path = FOLDER / "sentences") -> Sentences:
        """Read ``folder/{es,en,pt}/*.yaml``. Raises ``PromptRefused``."""
        read = {language: _read_language(folder / language, language) for language in LANGUAGES}
        _compare(read)
        return cls(read)

    @property
    def keys(self) -> Mapping[str, frozenset[str]]:
        """Every key and the values it takes."""
        return {key: sentence.names for key, sentence in self._by_language["es"].items()}

    def say(self, key: str, language: str, /, *, pick: int = 0, **values: Any) -> str:
        """The sentence. Raises ``PromptRefused`` for an unknown key and for missing or unused values."""
        sentence = self._by_language[language].get(key)
        if sentence is None:
            raise PromptRefused(f"no sentence {key!r}")
        if sentence.names != values.keys():
            raise PromptRefused(f"sentence {key!r} takes {sorted(sentence.names)}, got {sorted(values)}")
        return sentence.variants[pick % len(sentence.variants)].say(values)

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._by_language["es"]

    def variants(self, key: str, language: str) -> int:
        """How many ways there are to say it."""
        return len(self._by_language[language][key].variants)


def _read_language(folder: Path, language: str) -> dict[str, _Sentence]:
    environment = _environment(language)
    found: dict[str, _Sentence] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, text in _mapping(path).items():
            name = f"{path.stem}.{key}"
            variants = text if isinstance(text, list) else [text]
            if not variants or not all(isinstance(variant, str) for variant in variants):
                raise PromptRefused(f"{path}: {key}: a sentence or a list of sentences is wanted")
            found[name] = _compile(environment, path, key, variants)
    if not found:
        raise PromptRefused(f"{folder}: no sentences there")
    return found


class _NoKeyTwice(yaml.CSafeLoader):
    """Refuses a key that is there twice: YAML would silently keep the last one. On libyaml: a second less a start."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """See ``yaml``."""
        keys = [self.construct_object(key) for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.YAMLError(f"{twice}: there is more than one")
        return super().construct_mapping(node, deep)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), _NoKeyTwice)
    except yaml.YAMLError as error:
        raise PromptRefused(f"{path}: {error}") from error
    if not isinstance(read, dict):
        raise PromptRefused(f"{path}: a mapping is wanted")
    return {str(key): value for key, value in read.items()}


def _compile(environment: jinja2.Environment, path: Path, key: str, variants: list[str]) -> _Sentence:
    try:
        read = tuple(_variant(environment, variant) for variant in variants)
    except jinja2.TemplateError as error:
        raise PromptRefused(f"{path}: {key}: {error}") from error
    return _Sentence(read, frozenset().union(*(variant.names for variant in read)))


def _compare(read: Mapping[str, Mapping[str, _Sentence]]) -> None:
    spanish = read["es"]
    for language in LANGUAGES[1:]:
        missing = spanish.keys() ^ read[language].keys()
        if missing:
            raise PromptRefused(f"{language}: these keys are not in both {language} and es: {sorted(missing)}")
        for key, sentence in read[language].items():
            if sentence.names != spanish[key].names:
                raise PromptRefused(
                    f"{language}: {key} takes {sorted(sentence.names)}, in es {sorted(spanish[key].names)}"
                )
