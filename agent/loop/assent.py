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


@lru_cache(maxsize=32)
def _form(kind: str) -> re.Pattern[str]:
    told = _told()
    deed = told["deeds"].get(kind)
    if deed is None:
        return re.compile(r"(?!)")
    polite = rf"(?:(?:{told['courtesy']})(?: |$))*"
    thing = rf"(?:(?:{deed['things']})(?: |$))*"
    of = r"(?:(?:del?|d[ao]|of|from)(?: |$)(?:(?:pedido|orden|order)(?: |$))?)?"
    return re.compile(rf"(?:(?:{told['yes']}) )+{polite}(?:{deed['verbs']})(?: |$){told['object']}{thing}{of}{polite}")


@lru_cache(maxsize=1)
def _told() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read
