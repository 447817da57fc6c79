"""A message read in the light of what was asked: a bare number is an order number when that was the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.understanding.reading import Entity, EntityKind, Reading

ORDER_LIKE = re.compile(r"(?<![\w@.+-])#?[A-Za-z]{0,2}-?\d{4,12}(?![\w@]|\.\w)")
SIX_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}(?!\d)")
TAKES_OVER = frozenset({EntityKind.POSTAL_CODE, EntityKind.CODE, EntityKind.PHONE, EntityKind.QUANTITY})


def in_context(reading: Reading, asked: Sequence[str]) -> Reading:
    """The reading with what only the question makes plain; unchanged when the message did not answer it."""
    if "code" in asked and reading.first(EntityKind.CODE) is None:
        return _with(reading, EntityKind.CODE, SIX_DIGITS, r"\D")
    if "order_number" in asked and reading.first(EntityKind.ORDER_NUMBER) is None:
        return _with(reading, EntityKind.ORDER_NUMBER, ORDER_LIKE, r"#")
    return reading


def speaks(reading: Reading) -> bool:
    """Whether there is a word in it besides the data: an e-mail address alone tells no language."""
    text = reading.text
    for entity in reading.entities:
        text = text.replace(entity.text, " ")
    return re.search(r"[^\W\d_]{2,}", text) is not None


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
