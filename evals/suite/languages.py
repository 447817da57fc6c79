"""Which of the three languages a text is in, read apart from the service: by small words and by letters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORDS: Final = {
    "es": (
        "el la los las un una del al y es son está están con por para mi tu su le lo se que de en no ya pero como más hay hasta "
        "pedido puedes quieres tienes llega sale esto este ese sí hola gracias cuando si te nos ha han fue te desde sin lunes martes "
        "miércoles jueves viernes enero febrero"
    ),
    "en": (
        "the a an and is are was with for your my you it this that of to in on no not but as can have has will which order "
        "we i it's if when yes hello hi thanks by from at be been do does did so what"
    ),
    "pt": (
        "o a os as um uma do da dos das ao e é são está estão com por para meu minha seu sua você lhe se que de em no na não já mas "
        "como mais há até pedido pode quer tem chega isto este esse sim olá oi obrigado quando te nos foi pelo pela sem segunda terça "
        "quarta quinta sexta janeiro fevereiro"
    ),
}  # fmt: skip
_SETS: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_LETTERS: Final = {
    "es": re.compile(r"[ñ¿¡]|ción\b|\w+[úí]\w*\b"),
    "en": re.compile(r"'(?:s|re|ll|ve|t)\b"),
    "pt": re.compile(r"[ãõçêôâ]|nh|lh"),
}
_FEWEST: Final = 3


@lru_cache(maxsize=4096)
def language_of(text: str) -> str | None:
    """The language, or none when the text is too short or too even to tell."""
    words = re.findall(r"[a-záéíóúüñãõçâêôà']+", text.lower())
    if len(words) < _FEWEST:
        return None
    scores = {
        language: sum(word in known for word in words) + 2 * len(_LETTERS[language].findall(text.lower()))
        for language, known in _SETS.items()
    }
    best, second = sorted(scores, key=lambda language: -scores[language])[:2]
    return best if scores[best] > scores[second] else None
