"""Words as shoppers type them and as articles print them, brought to one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import Stemmer
from bm25s import stopwords

LANGUAGES: Final = ("es", "en", "pt")

_WORD: Final = re.compile(r"\w+")
_SNOWBALL: Final = {"es": "spanish", "en": "english", "pt": "portuguese"}
_STOPWORDS: Final = {
    "es": stopwords.STOPWORDS_SPANISH,
    "en": stopwords.STOPWORDS_EN_PLUS,
    "pt": stopwords.STOPWORDS_PORTUGUESE,
}
_ACCENTS: Final[Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    "es": ((re.compile(r"cion$"), "ción"), (re.compile(r"sion$"), "sión")),
    "pt": ((re.compile(r"cao$"), "ção"), (re.compile(r"coes$"), "ções"), (re.compile(r"avel$"), "ável")),
    "en": (),
}


def fold(text: str) -> str:
    """Lower case without accents: ``Devolución`` and ``devolucion`` become one. ``ñ`` becomes ``n``, ``ç`` ``c``."""
    marked = unicodedata.normalize("NFKD", text.lower())
    return "".join(mark for mark in marked if not unicodedata.combining(mark))


def words(text: str) -> list[str]:
    """The folded words in the order said; any apostrophe parts a word (``don't`` is ``don`` and ``t``)."""
    return _WORD.findall(fold(text))


class Stems:
    """The content words of one language, cut to their stems; not safe to share between threads."""

    def __init__(self, language: str) -> None:
        self._stemmer = Stemmer.Stemmer(_SNOWBALL[language])
        self._accents = _ACCENTS[language]
        self._stopwords = frozenset(fold(word) for word in _STOPWORDS[language])

    def __call__(self, text: str) -> list[str]:
        """Folded stems without stopwords, repeats kept. Endings typed without their accent are stemmed with it."""
        said = (word for word in _WORD.findall(text.lower()) if fold(word) not in self._stopwords)
        return [fold(stem) for stem in self._stemmer.stemWords([self._with_accent(word) for word in said])]

    def _with_accent(self, word: str) -> str:
        for ending, accented in self._accents:
            word = ending.sub(accented, word)
        return word
