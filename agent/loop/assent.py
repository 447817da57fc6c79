"""A yes that says again what was proposed: a consent, though it sounds like a wish."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from agent.understanding.reading import Answer, EntityKind, Intent, Reading, ScoredIntent
from agent.understanding.text import fold

FILE = Path(__file__).with_name("assent.yaml")
FEW_WORDS = 8
ANSWERS = frozenset({Intent.DENY, Intent.INFORM, Intent.AFFIRM})
"""What a no may be read as besides; anything else is another wish."""

DATED = frozenset({"change_slot", "hold_delivery"})
GAP = re.compile(r"[^\w']+")


def with_assent(reading: Reading, kind: str, order: str) -> Reading:
    """The reading as a plain yes when the message is a yes and the deed of that kind, and nothing else.

    ``kind`` is that of the proposal the last reply asked about, ``order`` its order's number: a message that names another
    one, asks, or adds anything stays as it was read.
    """
    if reading.answer is not None or "?" in reading.text:
        return reading
    said = [one for one in reading.entities if one.kind is not EntityKind.PRODUCT]
    if any(one.kind is not EntityKind.ORDER_NUMBER or one.value.lstrip("#") != order.lstrip("#") for one in said):
        return reading
    words = " ".join(GAP.sub(" ", fold(reading.text.replace(said[0].text, " ") if said else reading.text)).split())
    if _form(kind).fullmatch(words) is None:
        return reading
    return replace(reading, answer=Answer.YES, intents=(ScoredIntent(Intent.AFFIRM, 1.0),))


def with_correction(reading: Reading, kind: str, order: str) -> Reading:
    """The reading as a wish for a change when a no goes on with another value: "no, it's number 24", "no, better on Monday".

    ``kind`` and ``order`` are those of the proposal the last reply asked about.
    """
    if reading.answer is not Answer.NO or len(reading.text.split()) > FEW_WORDS:
        return reading
    if any(one.name not in ANSWERS for one in reading.intents):
        return reading
    rest = reading.text.replace(order.lstrip("#"), " ") if order else reading.text
    dated = kind in DATED and reading.first(EntityKind.DATE) is not None
    named = any(reading.first(one) for one in (EntityKind.SIZE, EntityKind.COLOR, EntityKind.ADDRESS))
    return replace(reading, answer=Answer.CHANGE) if dated or named or re.search(r"\d", rest) else reading


@lru_cache(maxsize=32)
def _form(kind: str) -> re.Pattern[str]:
    told = _told()
    deed = told["deeds"].get(kind)
    if deed is None:
        return re.compile(r"(?!)")
    polite = rf"(?:(?:{told['courtesy']})(?: |$))*"
    thing = rf"(?:(?:{deed['things']})(?: |$))*"
    of = r"(?:(?:del?|d[ao]|of|from)(?: |$)(?:(?:pedido|orden|order)(?: |$))?)?"
    alone = rf"(?:{told['alone']})"
    return re.compile(
        rf"{alone}|(?:(?:{told['yes']}) )+{polite}(?:{deed['verbs']})(?: |$){told['object']}{thing}{of}{polite}"
    )


@lru_cache(maxsize=1)
def _told() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read
