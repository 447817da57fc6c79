"""A message read in the light of what was asked: a bare number is an order number when that was the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.understanding.reading import Entity, EntityKind, Intent, Reading
from agent.understanding.text import fold

ORDER_LIKE = re.compile(r"(?<![\w@.+-])#?[A-Za-z]{0,2}-?\d{4,12}(?![\w@]|\.\w)")
SIX_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}(?!\d)")
POSTAL_LIKE = re.compile(
    r"(?<![\w@.+-])(?:[A-HJ-NP-Z][ -]?\d{4}(?:[ -]?[A-Z]{3})?|\d{2}\.?\d{3}[ -]\d{3}|\d{5}[ -]\d{4}|\d{4,8})(?![\w@]|\.\w)",
    re.IGNORECASE,
)
TAKES_OVER = frozenset({EntityKind.POSTAL_CODE, EntityKind.CODE, EntityKind.PHONE, EntityKind.QUANTITY})
NUMBERS = frozenset({EntityKind.ORDER_NUMBER, EntityKind.CODE})
ENOUGH = (EntityKind.EMAIL, EntityKind.PHONE, EntityKind.POSTAL_CODE)
SAYS_ORDER = re.compile(r"\b(?:pedido|orden|compra|order|purchase|encomenda)\b")
WORD = re.compile(r"(?<![\w.@])[a-zà-ÿ']{2,}(?![\w@])")
MARKUP = re.compile(r"<[^<>]*>")
CLEAR = 0.5
TELLING = 3
"""Words in small letters beside the data that an answer needs to show its language: "confirmo" is two languages."""


def in_context(reading: Reading, asked: Sequence[str]) -> Reading:
    """The reading with what only the question makes plain; unchanged when the message did not answer it."""
    if not asked:
        return reading
    reading = _in_doubt(reading)
    if "code" in asked and reading.first(EntityKind.CODE) is None:
        return _with(reading, EntityKind.CODE, SIX_DIGITS, r"\D")
    if "order_number" in asked and reading.first(EntityKind.ORDER_NUMBER) is None:
        return _with(reading, EntityKind.ORDER_NUMBER, ORDER_LIKE, r"#")
    wants_code = "address" in asked or ("postal_code" in asked and "order_number" not in asked)
    if wants_code and not SAYS_ORDER.search(fold(reading.text)):
        return _as_postal_code(reading, alone="address" not in asked)
    return reading


def speaks(reading: Reading) -> bool:
    """Whether there are words in it besides the data: an e-mail address, or one word alone, tells no language."""
    words = re.findall(r"[^\W\d_]{2,}", _without_data(reading))
    clear = reading.has(Intent.THANKS_BYE, Intent.GREETING) or any(one.score >= CLEAR for one in reading.intents)
    return (
        len(words) >= TELLING
        or (clear and len(words) > 1)
        or (bool(words) and reading.has(Intent.THANKS_BYE, Intent.GREETING))
    )


def _in_doubt(reading: Reading) -> Reading:
    """Too short an answer does not change the conversation's language, save a thank-you or a greeting."""
    if reading.has(Intent.THANKS_BYE, Intent.GREETING) or len(WORD.findall(_without_data(reading))) >= TELLING:
        return reading
    return replace(reading, language_sure=False)


def _without_data(reading: Reading) -> str:
    text = MARKUP.sub(" ", reading.text)
    for entity in reading.entities:
        text = text.replace(entity.text, " ")
    return text


def _as_postal_code(reading: Reading, *, alone: bool) -> Reading:
    """``alone``: the code itself was asked for, not an address with its other numbers."""
    if alone and not any(reading.first(kind) for kind in ENOUGH):
        others = tuple(one for one in reading.entities if one.kind not in NUMBERS)
        return _with(replace(reading, entities=others), EntityKind.POSTAL_CODE, POSTAL_LIKE, r"\s")
    entities = tuple(
        replace(one, kind=EntityKind.POSTAL_CODE) if one.kind is EntityKind.ORDER_NUMBER else one
        for one in reading.entities
    )
    return replace(reading, entities=entities)


def _with(reading: Reading, kind: EntityKind, pattern: re.Pattern[str], drop: str) -> Reading:
    kept = [entity for entity in reading.entities if entity.kind not in TAKES_OVER]
    for match in pattern.finditer(reading.text):
        if any(entity.start < match.end() and match.start() < entity.end for entity in kept):
            continue
        value = re.sub(drop, "", match.group()).upper()
        found = Entity(kind, match.group(), value, match.start(), match.end())
        rest = (one for one in reading.entities if one.end <= found.start or found.end <= one.start)
        return replace(reading, entities=tuple(sorted((*rest, found), key=lambda one: one.start)))
    return reading
