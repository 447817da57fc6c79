"""Which language a model's reply is in: enough to notice one that answers in another than the shopper's."""

from __future__ import annotations

import re
import unicodedata

FEW_WORDS = 8
OTHER = "other"

_WORDS = {
    "es": "el la los las un una y o es son del al que en con por para mi tu su se lo le no si ya pero como donde cuando hay "
    "muy más está este esta te puedo puedes quieres pedido desde hasta sin sobre fue ha",
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
    known = {language: sum(word in common for word in words) for language, common in _KNOWN.items()}
    best, second, _ = sorted(known, key=lambda language: known[language], reverse=True)
    if known[best] < 0.06 * len(words) and len(words) >= 2 * FEW_WORDS:
        return OTHER
    clear = known[best] >= max(3, 0.2 * len(words)) and known[best] >= 1.4 * known[second]
    return best if clear else None


def _foreign_script(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    latin = sum("LATIN" in unicodedata.name(char, "") or char in "ªº" for char in letters[:400])
    return len(letters) >= FEW_WORDS and latin < 0.5 * min(len(letters), 400)
