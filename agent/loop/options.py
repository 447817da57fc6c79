"""Sizes and colours as people call them: the catalogue's word for what a shopper says, and back in their language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from agent.understanding.text import fold
from prompts.loader import Sentences

FILE = Path(__file__).with_name("options.yaml")
SIZE = "size"
LETTER = r"(?:talla|talle|size|tamanho|numero|em|en|in|to|into|num|numa|para|pra|a|la|el|o|uma?|una?|por|for|the|de)"


@lru_cache(maxsize=1)
def _groups() -> tuple[Mapping[str, tuple[str, ...]], ...]:
    read = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple({name: tuple([said] if isinstance(said, str) else said) for name, said in one.items()} for one in read)


@lru_cache(maxsize=1024)
def _alike(value: str) -> tuple[str, ...]:
    """All the words for that value, folded, its own among them."""
    wanted = fold(value)
    for group in _groups():
        words = {fold(word) for words in group.values() for word in words}
        if wanted in words:
            return tuple(sorted(words | {wanted}, key=len, reverse=True))
    return (wanted,)


@lru_cache(maxsize=1024)
def in_language(value: str, language: str) -> str:
    """The value as it is called in that language; as it stands when it has no other name."""
    wanted = fold(value)
    for group in _groups():
        if any(wanted == fold(word) for words in group.values() for word in words):
            return group[language][0]
    return value


@lru_cache(maxsize=4096)
def places_of(value: str, text: str, *, alone: bool) -> tuple[int, ...]:
    """Where the folded text says that value. A lone letter counts after "talla" and the like, or ``alone``."""
    words = "|".join(re.escape(word) for word in _alike(value))
    before = rf"\b{LETTER}[ :]+" if len(value) == 1 and value.isalpha() and not alone else r"(?<![\w.,$-])"
    return tuple(match.end() for match in re.finditer(rf"{before}(?:{words})(?![\w-]|[.,]\d|%)", text))


def label(options: Mapping[str, str], language: str, sentences: Sentences) -> str:
    """Options in words, the size first: ``talla 8 blanco``, in English ``size 8 in white``."""
    ordered = sorted(options.items(), key=lambda pair: pair[0] != SIZE)
    named = [name_value(name, str(value), language, sentences) for name, value in ordered]
    if len(named) == 2 and SIZE in options:
        return sentences.say("option.form", language, size=named[0], other=named[1])
    return ", ".join(named)


def name_value(name: str, value: str, language: str, sentences: Sentences) -> str:
    """One option in words: ``talla 8``, ``blanco``."""
    said = in_language(str(value), language)
    return sentences.say("option.size", language, value=said) if name == SIZE else said
