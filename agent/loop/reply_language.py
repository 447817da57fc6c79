"""Which language a model's reply is in: enough to notice one that answers in another than the shopper's."""

from __future__ import annotations

import re
import unicodedata

FEW_WORDS = 8
OTHER = "other"

_WORDS = {
    "es": "el la los las un una y es son del al que en con por para mi tu su se lo le no si ya pero como donde cuando hay "
    "muy más está este esta tu te puedo puedes quieres pedido desde hasta sin sobre fue ha",
    "en": "the a an and is are was were of to in on at with for from my your our it this that i you we they do does not "
    "have has can could would will what when where how there here be been but or if order",
    "pt": "o a os as um uma e é são do da dos das no na nos nas que em com por para meu minha seu sua se não sim já mas "
    "como onde quando tem muito mais está este esta você posso pode pedido desde até sem sobre foi há",
}
_KNOWN = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str | None:
    """``es``, ``en``, ``pt`` or ``other``; none when the text is too short or too mixed to say."""
    words = [word.lower() for word in _WORD.findall(text)]
    if _foreign_script(text):
        return OTHER
    if len(words) < FEW_WORDS:
        return None
    share = {language: sum(word in known for word in words) / len(words) for language, known in _KNOWN.items()}
    best, second, _ = sorted(share, key=lambda language: share[language], reverse=True)
    if share[best] < 0.12 and len(words) >= 2 * FEW_WORDS:
        return OTHER
    return best if share[best] >= 0.2 and share[best] >= 1.4 * share[second] else None


def _foreign_script(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    latin = sum("LATIN" in unicodedata.name(char, "") or char in "ªº" for char in letters[:400])
    return len(letters) >= FEW_WORDS and latin < 0.5 * min(len(letters), 400)
