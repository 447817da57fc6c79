"""Whether words speak of a thing: titles, places in a list, order numbers, as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml
from rapidfuzz import fuzz

SYNONYMS = Path(__file__).with_name("synonyms.yaml")
STOP = frozenset(
    "para con sin por los las del una uno unos unas the and for with without from com sem dos das uma color talla size "
    "tamanho cor negro blanco azul rojo verde gris black white blue red green grey gray preto branco vermelho set kit pack shoes "
    "paquete package juego casa correr running portatil portable lectura reading leitura liquidacion liquidacao final sale "
    "sem fio caixa inalambricos wireless hiking francesa".split()
)
ORDINALS = {
    "primer": 0, "primera": 0, "primero": 0, "first": 0, "primeiro": 0, "primeira": 0,
    "segundo": 1, "segunda": 1, "second": 1,
    "tercero": 2, "tercera": 2, "tercer": 2, "third": 2, "terceiro": 2, "terceira": 2,
    "cuarto": 3, "cuarta": 3, "fourth": 3, "quarto": 3, "quarta": 3,
    "ultimo": -1, "ultima": -1, "last": -1, "latest": -1, "reciente": 0, "newest": 0, "recente": 0,
}  # fmt: skip
FEW_WORDS = 6
NUMERALS = {
    "uno": 1, "un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "one": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "um": 1, "uma": 1, "dois": 2, "duas": 2, "quatro": 4,
}  # fmt: skip
ALL = re.compile(
    r"\b(?:tod[oa]s?|ambos|ambas|los dos|las dos|all|both|everything|tudo|os dois|as duas)\b", re.IGNORECASE
)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def _groups() -> tuple[frozenset[str], ...]:
    read = yaml.load(SYNONYMS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple(frozenset(fold(word) for word in group) for group in read)


Thing = TypeVar("Thing")
GENERIC = frozenset(
    "runners kicks sneakers zapatos zapato calzado shoes shoe sapato sapatos calcado prenda ropa clothes roupa".split()
)
FOOTWEAR = frozenset(
    "tenis zapatillas mocasines botas sandalias trainers loafers boots sandals running mocassim".split()
)


def spoken_of(text: str, things: Sequence[Thing], titles: Callable[[Thing], Sequence[str]]) -> list[Thing]:
    """The things whose titles the text names; when it names none, those it speaks of in general ("the shoes")."""
    named = [one for one in things if any(mentions(text, title) for title in titles(one))]
    if named or not GENERIC & set(re.findall(r"[a-z]+", fold(text))):
        return named
    return [one for one in things if any(set(re.findall(r"[a-z]+", fold(title))) & FOOTWEAR for title in titles(one))]


@lru_cache(maxsize=4096)
def keywords(title: str) -> frozenset[str]:
    """The words of a title that name the thing, with what else people call it."""
    words = {word for word in re.findall(r"[a-z]{3,}", fold(title)) if word not in STOP}
    for group in _groups():
        if words & group:
            words |= group
    return frozenset(words)


@lru_cache(maxsize=4096)
def mentions(text: str, title: str) -> bool:
    """Whether the text speaks of that title; a typo or a plural does not hide it."""
    return place_of(text, title) >= 0


@lru_cache(maxsize=4096)
def place_of(text: str, title: str) -> int:
    """Where the text first speaks of that title, -1 for nowhere."""
    return next(iter(places_of_title(text, title)), -1)


@lru_cache(maxsize=4096)
def places_of_title(text: str, title: str) -> tuple[int, ...]:
    """Where the text speaks of that title, each time it does."""
    names = keywords(title)
    said = re.finditer(r"[a-z]{3,}", fold(text))
    return tuple(word.start() for word in said if any(_alike(word.group(), name) for name in names))


def _alike(word: str, name: str) -> bool:
    if word == name or (min(len(word), len(name)) > 3 and _stem(word) == _stem(name)):
        return True
    return min(len(word), len(name)) > 4 and fuzz.ratio(word, name) >= 84


def _stem(word: str) -> str:
    return re.sub(r"(?:es|s)$", "", word)


WEEKDAY = re.compile(r"\b(?:segunda|terca|quarta|quinta|sexta)[ -]feira\b")


def ordinals_in(text: str, count: int) -> list[int]:
    """The places named in a list of that length, from 0: "el segundo", "la 1 y la 3", "the last one"."""
    words = re.findall(r"[a-z]+|\d+", WEEKDAY.sub("", fold(text)))
    named = [count + ORDINALS[word] if ORDINALS[word] < 0 else ORDINALS[word] for word in words if word in ORDINALS]
    if not named and len(words) <= FEW_WORDS:
        named = [int(word) - 1 for word in words if word.isdigit() and len(word) == 1]
        named = named or [NUMERALS[word] - 1 for word in words if word in NUMERALS and len(words) <= 3]
    return [place for place in dict.fromkeys(named) if 0 <= place < count]


def ordinal_in(text: str, count: int) -> int | None:
    """The one place named in a list of that length; none when none or several are."""
    places = ordinals_in(text, count)
    return places[0] if len(places) == 1 else None


def means_all(text: str) -> bool:
    """Whether all of it is meant, or both."""
    return bool(ALL.search(text))


TURNS_AWAY = re.compile(
    r"\b(?:el|la|los|las|mis?) otr[oa]s?\b|\b(?:o|a|os|as|meus?|minhas?) outr[oa]s?\b|\b(?:the|my) other(?: one)?\b|\b(?:es[ea]|aquel) no\b|"
    r"\bnot that(?: one)?\b|\bess[ea] n[aã]o\b",
    re.IGNORECASE,
)
ANOTHER_OF = re.compile(
    r"otr[oa]s? (?:direcc|talla|talle|color|dia|hora|opcion|tarjeta|cuenta|forma|manera|vez|calle|punto)|"
    r"outr[oa]s? (?:endere|tamanho|cor|dia|hora|op|cart|conta|forma|vez|rua|ponto)|other (?:address|size|colou?r|day|time|card|point)"
)


def turns_away(text: str) -> bool:
    """Whether another thing than the one spoken of is meant; another size or day is not."""
    return TURNS_AWAY.search(text) is not None and ANOTHER_OF.search(fold(text)) is None


THAT_ONE = re.compile(
    r"\b(?:es[ea]|est[ea]|aquel|aquella|ess[ea]|that|this)(?: (?:pedido|orden|compra|paquete|order|package|one|pacote))?"
    r"(?: (?:entonces|ent[aã]o|then|mismo|mesmo|please|porfa|por favor|pls))?\W*$",
    re.IGNORECASE,
)


def points_at(text: str) -> bool:
    """Whether the message ends by pointing at what was just spoken of: "cancel that one then"."""
    return THAT_ONE.search(text) is not None


def same_number(one: str, other: str) -> bool:
    """Whether two ways of writing an order number are the same number."""
    return bool(one) and _bare(one) == _bare(other)


def _bare(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())
