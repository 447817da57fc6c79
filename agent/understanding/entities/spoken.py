"""Numbers in words, digit by digit or as a whole, in Spanish, English and Portuguese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_ONES: Final = (
    "cero zero oh|uno una un one um uma|dos two dois duas|tres three|cuatro four quatro|cinco five|seis six meia|siete seven sete|"
    "ocho eight oito|nueve nine nove|diez ten dez|once eleven onze|doce twelve doze|trece thirteen treze|"
    "catorce fourteen quatorze|quince fifteen quinze|dieciseis sixteen dezesseis|diecisiete seventeen dezessete|"
    "dieciocho eighteen dezoito|diecinueve nineteen dezenove|veinte twenty vinte|veintiuno veintiun|veintidos|veintitres|"
    "veinticuatro|veinticinco|veintiseis|veintisiete|veintiocho|veintinueve"
)
_TENS: Final = (
    "treinta thirty trinta|cuarenta forty quarenta|cincuenta fifty cinquenta|sesenta sixty sessenta|"
    "setenta seventy|ochenta eighty oitenta|noventa ninety"
)
_HUNDREDS: Final = (
    "cien ciento cem cento|doscientos doscientas duzentos duzentas|trescientos trescientas trezentos trezentas|"
    "cuatrocientos cuatrocientas quatrocentos|quinientos quinientas quinhentos|seiscientos seiscientas seiscentos|"
    "setecientos setecientas setecentos|ochocientos ochocientas oitocentos|novecientos novecientas novecentos"
)


def _values() -> dict[str, int]:
    values = {word: place for place, words in enumerate(_ONES.split("|")) for word in words.split()}
    values |= {word: 10 * (place + 3) for place, words in enumerate(_TENS.split("|")) for word in words.split()}
    return values | {
        word: 100 * (place + 1) for place, words in enumerate(_HUNDREDS.split("|")) for word in words.split()
    }


_VALUES: Final = _values()
_THOUSAND: Final = frozenset({"mil", "thousand"})
_REPEATS: Final = {"double": 2, "doble": 2, "dobro": 2, "duplo": 2, "triple": 3, "triplo": 3}
_WORD: Final = "|".join([*sorted(_VALUES, key=len, reverse=True), *_THOUSAND, *_REPEATS, "hundred", r"\d"])
_DASH: Final = r"(?:guion|dash|hyphen|hifen|traco)"
_RUN: Final = re.compile(rf"\b(?:{_WORD})\b(?:[\s,.-]+(?:(?:y|e|and|{_DASH})[\s,]+)?(?:{_WORD})\b)+")


def spoken_numbers(folded: str) -> Iterator[tuple[int, int, str, int, bool]]:
    """Each run of number words: start, end, its digits, how many words it has, and whether it is said as a whole."""
    for run in _RUN.finditer(folded):
        words = re.findall(r"[a-z]+|\d", run[0])
        said = sum(not word.isdigit() for word in words)
        whole = any(word in _THOUSAND for word in words)
        yield run.start(), run.end(), _as_whole(words) if whole else _one_by_one(words), said, whole


def _as_whole(words: list[str]) -> str:
    total, group = 0, 0
    for word in words:
        if word in _THOUSAND:
            total, group = total + 1000 * max(group, 1), 0
        elif word == "hundred":
            group = 100 * max(group, 1)
        elif word.isdigit():
            group = 10 * group + int(word)
        else:
            group += _VALUES.get(word, 0)
    return str(total + group)


def _one_by_one(words: list[str]) -> str:
    """Digits in the order said; a ten takes the unit after it ("forty eight"), a hundred what follows below it."""
    digits, open_to, repeat = "", 0, 1
    for word in words:
        if word in _REPEATS:
            repeat, open_to = _REPEATS[word], 0
            continue
        if word == "hundred":
            digits, open_to = digits + "00", 100
            continue
        value = int(word) if word.isdigit() else _VALUES.get(word)
        if value is None:
            continue
        if open_to and 0 < value < open_to and repeat == 1:
            kept = len(str(value))
            digits = digits[:-kept] + str(value)
            open_to = 10 if open_to == 100 and value >= 20 and value % 10 == 0 else 0
        else:
            digits += str(value) * repeat
            open_to = 100 if value >= 100 else 10 if value >= 20 and value % 10 == 0 else 0
        repeat = 1
    return digits
