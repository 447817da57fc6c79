"""Which of the three languages a message is in."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from agent.understanding.model import LANGUAGES, Evidence, LinearModel
from agent.understanding.text import fold

_COMMON: Final = {
    "es": (
        "el la los las un una unos y es son de del al que en con por para mi mis tu su me se lo le no si ya "
        "pero como donde cuando cuanto cual quien esta este esto eso hay muy mas tambien desde hasta sin "
        "sobre porque pues yo usted ustedes hola gracias quiero necesito puedo tengo hace llego compre pedido "
        "soy estoy fue aun todavia "
    ),
    "en": (
        "the a an and is are was were of to in on at with for from my your our it its this that these i you "
        "he she we they do does did not no have has had can could would will what where when how why who "
        "which there here be been but or so if just please thanks hello hi want need get got order yes "
    ),
    "pt": (
        "o a os as um uma e sao de do da dos das no na nos nas que em com por para pra meu minha meus seu sua "
        "me se nao sim ja mas como onde quando quanto qual quem esta este isso isto tem muito mais tambem ate "
        "sem sobre porque eu voce voces ola oi obrigado obrigada quero preciso posso tenho faz chegou comprei "
        "pedido sou estou foi ainda ao eh ne "
    ),
}
_WORDS: Final = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_LETTERS: Final = {
    "es": re.compile(r"[ñ¿¡]|[íúó]n\b|ción"),
    "en": re.compile(r"\b(?:i'm|it's|'ve|n't|'ll)"),
    "pt": re.compile(r"[ãõçêôâ]|ção|lh|nh"),
}
_EVERYWHERE: Final = frozenset("ok okay okey no hello bot stop chat online email mail link app pix paypal".split())
"""Words that by themselves tell no language."""

_SURE: Final = 1.5
_FEW = 4


def read_language(model: LinearModel, evidence: Evidence, text: str, spoken: str | None) -> tuple[str, bool]:
    """The language, and whether it is sure; a short or doubtful message keeps the language ``spoken`` so far."""
    lower = text.lower()
    words = re.findall(r"[a-z']+", re.sub(r"\S+@\S+", " ", fold(text)))
    scores = model.language_scores(evidence).astype(float) if evidence.count else np.zeros(len(LANGUAGES))
    for column, language in enumerate(LANGUAGES):
        share = sum(word in _WORDS[language] for word in words) / max(len(words), 1)
        scores[column] += 3.0 * share + 1.5 * (_LETTERS[language].search(lower) is not None)
    order = np.argsort(-scores)
    margin = float(scores[order[0]] - scores[order[1]])
    best = LANGUAGES[order[0]]
    telling = any(len(word) > 1 and word not in _EVERYWHERE for word in words)
    sure = telling and margin >= (_SURE if len(words) >= _FEW else 2.0 * _SURE)
    if spoken in LANGUAGES and not sure:
        return str(spoken), False
    return (best, sure) if words else (str(spoken or LANGUAGES[0]), False)
