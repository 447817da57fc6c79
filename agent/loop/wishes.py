"""What a message wants: each wish with the words it is said in, so that none borrows the other's order number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from agent.conversation import Request
from agent.loop.embedded.vocabulary import meaning_of
from agent.understanding.clauses import cut
from agent.understanding.reading import EntityKind, Intent, Reading
from agent.understanding.text import fold

CUES = Path(__file__).with_name("wishes.yaml")
SOCIAL = frozenset(
    {Intent.GREETING, Intent.THANKS_BYE, Intent.AFFIRM, Intent.DENY, Intent.INFORM, Intent.HUMAN_AGENT, Intent.FEEDBACK}
)
GOODS = frozenset({"return_item", "exchange_item", "cancel_order", "change_items", "item_problem"})
WHERE_TO = frozenset({"change_address", "change_pickup", "change_delivery_slot"})
RIVALS = (GOODS, WHERE_TO)
"""Of these only one at a time is meant for the same goods: the later wish takes the place of the earlier."""

SURE = 0.2
"""Below, the best guess was right in a third of the messages of the evaluation sets; above, in half and more."""

SURE_IN_FEW_WORDS = 0.9
"""For four words or less without an entity and without a word that shows the wish: mostly small talk."""

FEW_WORDS = 4

HOLD = re.compile(
    r"\b(?:reten\w*|guard[ae]\w*|hold|keep it|segur[ae]\w*|no (?:lo |la )?(?:entreguen|manden) (?:antes|hasta))\b"
)
HELD = frozenset(
    {
        Intent.ORDER_STATUS,
        Intent.DELIVERY_PROBLEM,
        Intent.CHANGE_DELIVERY_SLOT,
        Intent.DELIVERY_INSTRUCTIONS,
        Intent.CHANGE_PICKUP,
    }
)
BEHIND = re.compile(
    r"\b(?:devolvi|devolvimos|regrese|mande de vuelta|cancele|cancelamos|returned|sent (?:it|them|back)|cancell?ed|"
    r"devolvi|cancelei|mandei de volta)\b"
)
SENDS_BACK = re.compile(
    r"\b(?:devolver\w*|devuelvo|regresar\w*|devolucion|cambiar\w*|return|exchange|swap|send (?:it|them|this|that) back|devolucao|trocar)\b"
)
LATER_ON = frozenset({"refund_status", "order_status", "delivery_problem"})

IMPLIED = {
    "damaged": "item_problem",
    "defective": "item_problem",
    "wrong_item": "item_problem",
    "too_small": "exchange_item",
    "too_large": "exchange_item",
    "changed_mind": "return_item",
    "not_as_described": "return_item",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """An intent with its stretch of the message, and what is said there by entity kind."""

    intent: str
    words: str
    said: dict[str, str]

    def request(self) -> Request:
        """The wish as it goes on the agenda."""
        return Request(self.intent, self.words, {"said": self.said} if self.said else {})


def wishes_in(reading: Reading) -> tuple[Wish, ...]:
    """The wishes of a message in the order said, each intent once."""
    names = _names(reading)
    return tuple(
        Wish(name, reading.text[start:end].strip(), _said(reading, start, end))
        for name, (start, end) in zip(names, _spans(reading.text, names), strict=True)
    )


def implied_by(reading: Reading) -> tuple[Wish, ...]:
    """The wish behind a fact told with nothing else wanted: what came broken is reported, what is too small exchanged."""
    reason = reading.first(EntityKind.REASON)
    intent = IMPLIED.get(reason.value) if reason and not reading.has(Intent.HUMAN_AGENT) else None
    return () if intent is None else (Wish(intent, reading.text, _said(reading, 0, len(reading.text))),)


def shows(intent: str, text: str) -> bool:
    """Whether a word of the text shows that intent; true for an intent without such words."""
    cue = _cues().get(intent)
    return cue is None or cue.search(fold(text)) is not None


def rivals_of(intent: str) -> frozenset[str]:
    """The intents that want something else with the same goods."""
    return next((group for group in RIVALS if intent in group), frozenset())


@lru_cache(maxsize=1)
def _cues() -> dict[str, re.Pattern[str]]:
    read = yaml.safe_load(CUES.read_text(encoding="utf-8"))
    return {intent: re.compile(rf"\b(?:{stems})") for intent, stems in read.items()}


def _names(reading: Reading) -> list[str]:
    """A complaint beside a wish is its tone, a late parcel a question after it, what lies behind no wish."""
    found = [one for one in reading.intents if one.name not in SOCIAL and one.score >= SURE]
    found = [one for one in found if one.score >= SURE_IN_FEW_WORDS or not _is_small_talk(one.name.value, reading)]
    best = {one.name.value: one.score for one in found}
    folded = fold(reading.text)
    if HOLD.search(folded) and reading.first(EntityKind.DATE) and all(one.name in HELD or one.score < 0.5 for one in found):
        return ["hold_delivery"]
    if {"delivery_problem", "order_status"} <= best.keys():
        del best["order_status"]
    if len(best) > 1:
        best.pop("complaint", None)
    if BEHIND.search(folded) and LATER_ON & best.keys():
        best = {name: score for name, score in best.items() if name not in GOODS}
    if len(reading.all(EntityKind.ORDER_NUMBER)) < 2:
        best = _without_rivals(best)
    return [_made_good(name, reading.text) for name in best]


def _made_good(name: str, text: str) -> str:
    """Money back for what came broken is a claim, unless the shopper means to send it back."""
    faulty = name in ("return_item", "exchange_item") and meaning_of("problem", text) in ("damaged", "wrong_item")
    return "item_problem" if faulty and not SENDS_BACK.search(fold(text)) else name


def _is_small_talk(intent: str, reading: Reading) -> bool:
    if len(reading.text.split()) > FEW_WORDS or reading.entities:
        return False
    return bool(meaning_of("laughter", reading.text)) or not shows(intent, reading.text)


def _without_rivals(best: dict[str, float]) -> dict[str, float]:
    """Of two wishes for the same goods the likelier one."""
    return {
        name: score
        for name, score in best.items()
        if not any(best[other] > score for other in rivals_of(name) & best.keys() - {name})
    }


def _spans(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Each wish begins with the clause of the first word that shows it; all have the whole text when one has none."""
    if not names:
        return []
    folded = fold(text)
    clauses = [start for start, _ in cut(folded)]
    starts = [0]
    for name in names[1:]:
        later = [start for start in clauses if start > starts[-1]]
        found = [start for start in later if _cues()[name].search(folded, start, _end(start, clauses, folded))]
        if not found:
            return [(0, len(text))] * len(names)
        starts.append(found[0])
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _end(start: int, clauses: Sequence[int], folded: str) -> int:
    return next((one for one in clauses if one > start), len(folded))


def _said(reading: Reading, start: int, end: int) -> dict[str, str]:
    said: dict[str, str] = {}
    for entity in reading.entities:
        if start <= entity.start < end and entity.kind not in (EntityKind.CODE, EntityKind.PAYMENT_REFERENCE):
            said.setdefault(entity.kind.value, entity.value)
    return said
