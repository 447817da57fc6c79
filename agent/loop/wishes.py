"""What a message wants: each wish with the words it is said in, so that none borrows the other's order number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.conversation import Request
from agent.loop.cues import about_an_order, said_plainly, shows, spans_of
from agent.loop.embedded.notes import ABOUT_A_NOTE
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.meant import ABOUT_RULES, GOODS, WHERE_IS_IT, WHERE_TO, meant_by
from agent.loop.signs import says
from agent.understanding.reading import EntityKind, Intent, Reading
from agent.understanding.text import fold

SOCIAL = frozenset(
    {Intent.GREETING, Intent.THANKS_BYE, Intent.AFFIRM, Intent.DENY, Intent.INFORM, Intent.HUMAN_AGENT, Intent.FEEDBACK}
)
SWAPS = frozenset({"exchange_item", "change_items"})
PAID = SWAPS | {"return_item"}
"""Wishes in which a method of paying has its place."""

RIVALS = (GOODS, WHERE_TO)
"""Of these only one at a time is meant for the same goods: the later wish takes the place of the earlier."""

SURE = 0.2
"""Below, the best guess was right in a third of the messages of the evaluation sets; above, in half and more."""

SURE_IN_FEW_WORDS = 0.9
"""For four words or less without an entity and without a word that shows the wish: mostly small talk."""

FEW_WORDS = 4
POLITE = 2
"""More words that small talk may have when it thanks."""

SECOND = 0.6
"""For what is said beside something surer, a yes or another wish: mostly its echo."""

LEVEL = 0.75
"""From which a place or day is wished beside a question that is surely asked in the same sentence."""

ONE_QUESTION = re.compile(r"^[^.?!;]*\?\W*$")

ALONE = frozenset({"return_label"})
"""Said plainly, these are all the message is about: the label of a return is no wish to return."""

HELD = frozenset({"order_status", "delivery_problem", "change_delivery_slot", "delivery_instructions", "change_pickup"})

WHERE_THE_MONEY_GOES = frozenset({"refund_status", "payment_problem"})
"""How a method sounds that pays for a swap or takes a return's refund, when it is named with that wish itself."""

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
    """An intent with its stretch of the message, and what is said there by entity kind. ``score`` is the reader's."""

    intent: str
    words: str
    said: dict[str, str]
    score: float = 1.0

    @property
    def plain(self) -> bool:
        """Whether it can be taken at its word, and is no echo of something else."""
        return self.score >= SURE_IN_FEW_WORDS or shows(self.intent, self.words)

    def request(self) -> Request:
        """The wish as it goes on the agenda."""
        return Request(self.intent, self.words, {"said": self.said} if self.said else {})


def wishes_in(reading: Reading) -> tuple[Wish, ...]:
    """The wishes of a message in the order said, each intent once."""
    best = _narrowed(reading, _scores(reading))
    found: dict[str, Wish] = {}
    for name, (start, end) in _told_once(reading.text, list(best)):
        words, said = reading.text[start:end], _said(reading, start, end)
        intent = meant_by(name, words, said)
        found.setdefault(intent, Wish(intent, words.strip(), said, best[name]))
    return tuple(found.values())


def _told_once(text: str, names: list[str]) -> list[tuple[str, tuple[int, int]]]:
    """Each wish with its span; "can I return the bra?" is the return itself and no question about the rules beside it."""
    spans = dict(zip(names, spans_of(text, names), strict=True))
    for name in [one for one in names if one in ABOUT_RULES]:
        start, end = spans[name]
        verb = about_an_order(text[start:end])
        if verb in spans and not shows(verb, text[slice(*spans[verb])]):
            spans[verb] = spans.pop(name)
    return list(spans.items())


def implied_by(reading: Reading) -> tuple[Wish, ...]:
    """The wish behind a fact told with nothing else wanted: what came broken is reported, what is too small exchanged."""
    reason = reading.first(EntityKind.REASON)
    intent = IMPLIED.get(reason.value) if reason and not reading.has(Intent.HUMAN_AGENT) else None
    return () if intent is None else (Wish(intent, reading.text, _said(reading, 0, len(reading.text))),)


def rivals_of(intent: str) -> frozenset[str]:
    """The intents that want something else with the same goods."""
    return next((group for group in RIVALS if intent in group), frozenset())


def _scores(reading: Reading) -> dict[str, float]:
    """What was read, without the doubtful; what is said plainly stands above it."""
    if says("in_a_language", reading.text) and not reading.entities:
        return {}
    plain = said_plainly(reading.text)
    if plain in ALONE:
        return {plain: 1.0}
    if plain:
        others = GOODS | {"invoice"} if plain != "order_status" else GOODS - {"return_item"}
        beside = {one.name.value: one.score for one in reading.intents if one.name.value in others}
        return {plain: 1.0} | {name: score for name, score in beside.items() if score >= SURE_IN_FEW_WORDS}
    names = {one.name.value for one in reading.intents if one.score >= SURE}
    verb = about_an_order(reading.text) if names <= _doubtful(reading) else ""
    if verb and verb != "order_status":
        return {verb: SECOND}
    told = bool(reading.first(EntityKind.PRODUCT) or reading.first(EntityKind.ORDER_NUMBER))
    return {
        one.name.value: one.score
        for one in reading.intents
        if one.name not in SOCIAL
        and (one.score >= SURE or (told and shows(one.name.value, reading.text)))
        and (one.score >= SURE_IN_FEW_WORDS or not _is_small_talk(one.name.value, reading))
    }


def _doubtful(reading: Reading) -> frozenset[str]:
    """What somebody's own goods may hide behind: words about nothing of ours, and a question that hardly is one."""
    asks = next((one.score for one in reading.intents if one.name is Intent.POLICY_QUESTION), 0.0)
    rules = frozenset({"policy_question"}) if asks < SECOND and reading.first(EntityKind.PRODUCT) else frozenset[str]()
    return rules | {"out_of_scope"}


def _is_small_talk(intent: str, reading: Reading) -> bool:
    few = FEW_WORDS + POLITE if meaning_of("thanks", reading.text) else FEW_WORDS
    if len(reading.text.split()) > few or reading.entities:
        return False
    return bool(meaning_of("laughter", reading.text)) or not shows(intent, reading.text)


def _narrowed(reading: Reading, best: dict[str, float]) -> dict[str, float]:
    """A complaint beside a wish is its tone, a late parcel a question after it, what lies behind no wish."""
    folded = fold(reading.text)
    if (
        says("holds_until", folded)
        and reading.first(EntityKind.DATE)
        and all(n in HELD or s < 0.5 for n, s in best.items())
    ):
        return {"hold_delivery": 1.0}
    if {"delivery_problem", "order_status"} <= best.keys():
        del best["order_status"]
    if len(best) > 1:
        best.pop("complaint", None)
        best = _without_theory(reading, best, folded)
    best = _without_echoes(reading, best)
    if best.keys() == {"item_problem"} and _only_wants_to_know(reading, best["item_problem"]):
        return {"policy_question": best["item_problem"]}
    if says("lies_behind", folded) and LATER_ON & best.keys():
        best = {name: score for name, score in best.items() if name not in GOODS}
    if says("tells_the_driver", folded) and best.keys() <= WHERE_TO | HELD:
        return {"delivery_instructions": best.get("delivery_instructions", SECOND)}
    if best and ABOUT_A_NOTE.search(folded) and not says("other_notes", folded):
        best = _for_the_driver(best)
    if says("later_on", folded) and not reading.first(EntityKind.PRODUCT):
        best = {name: score for name, score in best.items() if name != "return_item"}
    if "change_address" in best and says("street", folded) and not _speaks_of_goods(reading):
        best = {name: score for name, score in best.items() if name not in SWAPS}
    if "delivery_instructions" in best and says("leaves", folded) and not reading.first(EntityKind.ADDRESS):
        best = {name: score for name, score in best.items() if name not in WHERE_TO}
    return best if len(reading.all(EntityKind.ORDER_NUMBER)) > 1 else _without_rivals(best)


def _only_wants_to_know(reading: Reading, score: float) -> bool:
    """Whether somebody asks about something rather than tells of a fault: neither goods nor a reason, nor a word of one."""
    told = (
        reading.first(EntityKind.PRODUCT) or reading.first(EntityKind.REASON) or reading.first(EntityKind.ORDER_NUMBER)
    )
    doubtful = score < SURE_IN_FEW_WORDS and not told and not meaning_of("wish", reading.text)
    return doubtful and says("asks_to_know", fold(reading.text)) and not shows("item_problem", reading.text)


def _without_theory(reading: Reading, best: dict[str, float], folded: str) -> dict[str, float]:
    """A question about the rules beside a wish has to be asked; of several with no wish beside them the likeliest counts.

    One that is surely asked in a single sentence, about no goods or order, moves no parcel.
    """
    if best.keys() <= ABOUT_RULES:
        likeliest = max(best, key=lambda name: best[name])
        return {likeliest: best[likeliest]}
    if "account_help" in best and says("lacks", folded) and says("number", folded):
        best = {name: score for name, score in best.items() if name != "account_help"}
    asked = {name: s for name, s in best.items() if name not in ABOUT_RULES or _is_asked(name, s, folded)}
    own = _speaks_of_goods(reading) or reading.first(EntityKind.ORDER_NUMBER)
    if not own and asked.get("policy_question", 0.0) >= SURE_IN_FEW_WORDS and ONE_QUESTION.search(folded):
        return {name: score for name, score in asked.items() if name not in WHERE_TO or score >= LEVEL}
    return asked


def _for_the_driver(best: dict[str, float]) -> dict[str, float]:
    """A note that is to be left is for whoever brings the parcel, whatever else it sounded like."""
    sounded = WHERE_TO | HELD | SWAPS | {"invoice"}
    if "delivery_instructions" in best:
        return {name: score for name, score in best.items() if name != "invoice"}
    return {"delivery_instructions": max(best.values())} if best.keys() <= sounded else best


def _speaks_of_goods(reading: Reading) -> bool:
    """Whether a product, size or colour is named: what is to be changed beside an address is something of these."""
    return any(reading.first(kind) for kind in (EntityKind.PRODUCT, EntityKind.SIZE, EntityKind.COLOR))


def _without_echoes(reading: Reading, best: dict[str, float]) -> dict[str, float]:
    """Where a parcel is sounds along in much that is said of it; as a wish beside another it has to be asked."""
    if "refund_status" in best and not says("parcels", reading.text):
        best = {name: score for name, score in best.items() if name not in WHERE_IS_IT}
    if PAID & best.keys() and _names_one_method(reading):
        best = {name: score for name, score in best.items() if name not in WHERE_THE_MONEY_GOES}
    if "item_problem" in best and meaning_of("wish", reading.text) == "refund" and "?" not in reading.text:
        best = {name: score for name, score in best.items() if name != "refund_status"}
    sure = [name for name, score in best.items() if score >= SURE_IN_FEW_WORDS]
    if sure:
        best = {
            name: score
            for name, score in best.items()
            if name in sure or (score >= SECOND and shows(name, reading.text))
        }
    if len(best) < 2 or "?" in reading.text or says("asks_to_know", reading.text):
        return best
    if "item_problem" in best and meaning_of("absent", reading.text):
        return {name: score for name, score in best.items() if name != "item_problem"}
    others = best.keys() & (GOODS | WHERE_TO | {"delivery_instructions"})
    return {name: score for name, score in best.items() if not others or name not in WHERE_IS_IT}


def _names_one_method(reading: Reading) -> bool:
    """Whether a method of paying is said of what the message is about, and not asked about or of another order."""
    said = reading.first(EntityKind.PAYMENT_METHOD) is not None
    return said and "?" not in reading.text and len(reading.all(EntityKind.ORDER_NUMBER)) < 2


def _is_asked(name: str, score: float, folded: str) -> bool:
    asks = "?" in folded or says("asks_to_know", folded)
    return asks and score >= SECOND and shows(name, folded)


def _without_rivals(best: dict[str, float]) -> dict[str, float]:
    """Of two wishes for the same goods the likelier one."""
    return {
        name: score
        for name, score in best.items()
        if not any(best[other] > score for other in rivals_of(name) & best.keys() - {name})
    }


def _said(reading: Reading, start: int, end: int) -> dict[str, str]:
    said: dict[str, str] = {}
    for entity in reading.entities:
        if start <= entity.start < end and entity.kind not in (EntityKind.CODE, EntityKind.PAYMENT_REFERENCE):
            said.setdefault(entity.kind.value, entity.value)
    return said
