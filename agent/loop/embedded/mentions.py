"""Whether words speak of a thing: titles, places in a list, order numbers, as people write them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz

SYNONYMS = Path(__file__).with_name("synonyms.yaml")
STOP = frozenset(
    "para con sin por los las del una uno unos unas the and for with without from com sem dos das uma color talla size "
    "tamanho cor negro blanco azul rojo verde gris black white blue red green grey gray preto branco vermelho".split()
)
ORDINALS = {
    "primer": 0, "primera": 0, "primero": 0, "first": 0, "primeiro": 0, "primeira": 0,
    "segundo": 1, "segunda": 1, "second": 1,
    "tercero": 2, "tercera": 2, "tercer": 2, "third": 2, "terceiro": 2, "terceira": 2,
    "cuarto": 3, "cuarta": 3, "fourth": 3, "quarto": 3, "quarta": 3,
    "ultimo": -1, "ultima": -1, "last": -1, "latest": -1, "reciente": 0, "newest": 0, "recente": 0,
}  # fmt: skip
ALL = re.compile(r"\b(?:tod[oa]s?|ambos|ambas|los dos|las dos|all|both|everything|tudo|os dois|as duas)\b", re.IGNORECASE)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def _groups() -> tuple[frozenset[str], ...]:
    read = yaml.safe_load(SYNONYMS.read_text(encoding="utf-8"))
    return tuple(frozenset(fold(word) for word in group) for group in read)


@lru_cache(maxsize=4096)
def keywords(title: str) -> frozenset[str]:
    """The words of a title that name the thing, with what else people call it."""
    words = {word for word in re.findall(r"[a-z]{4,}", fold(title)) if word not in STOP}
    for group in _groups():
        if words & group:
            words |= group
    return frozenset(words)


@lru_cache(maxsize=4096)
def mentions(text: str, title: str) -> bool:
    """Whether the text speaks of that title; a typo or a plural does not hide it."""
    said = re.findall(r"[a-z]{4,}", fold(text))
    return any(fuzz.ratio(word, name) >= 84 or _stem(word) == _stem(name) for word in said for name in keywords(title))


def _stem(word: str) -> str:
    return re.sub(r"(?:es|s|is)$", "", word)


def ordinal_in(text: str, count: int) -> int | None:
    """The place named in a list of that length, from 0: "el segundo", "2", "the last one"."""
    words = re.findall(r"[a-z]+|\d+", fold(text))
    for word in words:
        if word in ORDINALS:
            place = ORDINALS[word]
            return count + place if place < 0 else (place if place < count else None)
    digits = [int(word) for word in words if word.isdigit() and len(word) == 1]
    return digits[0] - 1 if len(digits) == 1 and 1 <= digits[0] <= count and len(words) <= 4 else None


def means_all(text: str) -> bool:
    """"All of it", "both"."""
    return bool(ALL.search(text))


def same_number(one: str, other: str) -> bool:
    """Whether two ways of writing an order number are the same number."""
    return bool(one) and _bare(one) == _bare(other)


def _bare(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())
