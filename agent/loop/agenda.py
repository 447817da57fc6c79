"""What the shopper wants, kept across turns: new wishes join, answers continue, a change of mind replaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.conversation import Request
from agent.loop.cues import shows
from agent.loop.embedded.notes import note_in
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.meant import GOODS
from agent.loop.signs import says
from agent.loop.wishes import PAID, SECOND, Wish, implied_by, rivals_of, wishes_in
from agent.understanding.reading import Answer, EntityKind, Intent, Reading
from agent.understanding.text import fold

ASIDE = frozenset({"policy_question", "product_help", "account_help", "out_of_scope"})
TOLD_AT_ONCE = ASIDE | {
    "order_status",
    "delivery_problem",
    "refund_status",
    "invoice",
    "complaint",
    "claim_status",
    "return_label",
}
"""What needs no decision of the shopper's: it is answered first, and the open question is asked again after it."""

OFFER = "offer"
"""The stage of a request that was only offered: it goes when the shopper turns to something else."""

CONFIRM = "confirm"
ASIDE_OF_A_CODE = frozenset({"delivery_problem", "order_status", "account_help", "out_of_scope"})
"""How it sounds that the code has not arrived."""

CURT = 5
"""Words up to which what sounds like a question about the rules, asked without a question mark, is an answer."""

FORM = re.compile(r"(?<![\w.,$#])(?:\d{1,2}(?:[.,]5)?|xxs|xs|[sml]|xx?l)(?![\w.,]\d|\w)")
BARE_SIZE = re.compile(
    r"(?<![\w.,$'’])(?:\d{1,2}(?:[.,]5)?|XXS|XS|[SML]|XX?L)(?=\W*(?:(?:then|please|pls|porfa|por favor|entonces|ent[aã]o|mejor|melhor|instead)\W*)?$)",
    re.IGNORECASE,
)
OF_ANY_ORDER = ("address", "note")
"""What a wish keeps when it turns out to be for another order."""

IN_OWN_WORDS = frozenset({"instructions", "reason"})
MOST = 4


def update_agenda(agenda: Sequence[Request], reading: Reading, asked: Sequence[str]) -> tuple[Request, ...]:
    """The agenda after a message, the request to work on first.

    What can be told at once goes before the request it interrupts; a wish that competes with the current one (return
    instead of exchange) takes its place; what is said to come on top waits its turn; anything else comes first, for
    the shopper has turned to it.
    """
    wishes = wishes_in(reading) or (() if agenda else implied_by(reading))
    if agenda and _is_of_another_order(reading, agenda[0]):
        return (_moved(reading, agenda[0]), *agenda[1:])
    if agenda and not wishes and _asks_after(reading, agenda[0]):
        return (Request("order_status", reading.text, {"order": agenda[0].slots["order"]}), *agenda[1:])
    if agenda and not wishes and not _may_accept(reading, asked, agenda[0]):
        agenda, wishes = agenda[1:], implied_by(reading)
    if agenda and _answers(reading, asked, wishes, agenda[0]):
        return tuple(agenda)
    turned = any(wish.intent not in ASIDE for wish in wishes)
    kept = [one for one in agenda if one.stage != OFFER] if turned else list(agenda)
    if turned and reading.answer is Answer.NO and kept and kept[0].stage != CONFIRM:
        kept = kept[1:]
    also = says("also", reading.text)
    at_once: list[Request] = []
    new: list[Request] = []
    for wish in wishes:
        if any(one.intent == wish.intent for one in kept):
            kept = _continue(kept, wish)
        elif not also and (rival := _rival(kept, wish)) is not None:
            kept[kept.index(rival)] = Request(wish.intent, wish.words, {**_shared(rival), **wish.request().slots})
        elif wish.intent in TOLD_AT_ONCE and kept:
            at_once.append(wish.request())
        else:
            new.append(wish.request())
    asking = {wish.intent for wish in wishes if wish.intent in TOLD_AT_ONCE}
    if asking and "order_number" in asked and reading.first(EntityKind.ORDER_NUMBER):
        # the number is that of the question, not of what waits for one
        kept = [one for one in kept if one.slots.get("order") or one.intent in asking]
    waits = bool(kept) and (kept[0].stage == CONFIRM or also)
    return tuple([*at_once, *kept, *new] if waits else [*at_once, *new, *kept])[:MOST]


def _may_accept(reading: Reading, asked: Sequence[str], head: Request) -> bool:
    """Whether words that want nothing of their own can be a yes or no to what is only offered, or what was asked for it."""
    answers = (
        reading.answer is not None or reading.has(Intent.AFFIRM, Intent.DENY) or bool(_given(reading) & set(asked))
    )
    told = set(asked) & IN_OWN_WORDS or any(meaning_of(table, reading.text) for table in ("wish", "puts_off", "absent"))
    return head.stage != OFFER or answers or bool(told)


def _asks_after(reading: Reading, head: Request) -> bool:
    """Whether somebody who was offered a claim asks for news of the parcel instead of taking it up."""
    offered = head.stage == OFFER and head.intent == "item_problem" and "order" in head.slots
    return offered and "?" in reading.text and reading.answer is None and not meaning_of("wish", reading.text)


def _is_of_another_order(reading: Reading, head: Request) -> bool:
    """Whether what waits for a yes was meant for another order: "sorry, I mixed them up, it's 10069"."""
    said = reading.first(EntityKind.ORDER_NUMBER)
    other = said is not None and said.value != head.slots.get("order")
    return other and head.stage == CONFIRM and says("mixed_up", reading.text)


def _moved(reading: Reading, head: Request) -> Request:
    """The same wish for the order named now; what belongs to the order it was for is let go."""
    said = reading.first(EntityKind.ORDER_NUMBER)
    assert said is not None
    kept = {key: value for key, value in head.slots.items() if key in OF_ANY_ORDER}
    told = {**head.slots.get("said", {}), said.kind.value: said.value}
    return Request(head.intent, reading.text, {**kept, "said": told})


def drop_confirmed(agenda: Sequence[Request], *, retry: bool) -> tuple[Request, ...]:
    """The agenda after a decision: what was decided on is done, or starts anew when it has to be shown again."""
    if retry:
        return tuple(replace(one, stage="") if one.stage == CONFIRM else one for one in agenda)
    return tuple(one for one in agenda if one.stage != CONFIRM)


def _answers(reading: Reading, asked: Sequence[str], wishes: Sequence[Wish], head: Request) -> bool:
    """Whether the message answers what was asked rather than wanting something else."""
    if _asks_for_form(reading, asked, wishes, head) or _names_method(reading, head):
        return True
    others = [wish for wish in wishes if wish.intent != head.intent and wish.plain]
    if not wishes or _says_it_again(reading, wishes, head):
        return True
    if head.intent == "item_problem" and meaning_of("wish", reading.text):
        return not any(
            wish.said.keys() & {"order_number", "address"} or wish.intent == "cancel_order" for wish in others
        )
    if head.stage == OFFER and (reading.answer is Answer.NO or _takes_up(reading, wishes)):
        return not reading.first(EntityKind.ORDER_NUMBER)
    if asked and "?" not in reading.text and len(reading.text.split()) <= CURT:
        others = [wish for wish in others if wish.intent not in ASIDE]
        wishes = [wish for wish in wishes if wish.intent not in ASIDE]
    if not wishes:
        return True
    if reading.answer is Answer.CHANGE and head.stage == CONFIRM:
        return not any(wish.score > SECOND and shows(wish.intent, wish.words) for wish in wishes)
    if not asked or reading.answer in (Answer.CHANGE, Answer.NO):
        return False
    if "code" in asked:
        return all(wish.intent in ASIDE_OF_A_CODE for wish in others)
    if "instructions" in asked:
        asks = "?" in reading.text and not note_in(reading.text) and bool(others)
        return not asks and not any(
            wish.intent in GOODS or wish.intent in ("refund_status", "invoice", "change_pickup") for wish in others
        )
    given = _given(reading)
    if given & set(asked):
        return all(_goes_with(wish, given) for wish in others)
    return bool(set(asked) & IN_OWN_WORDS) and not others


def _asks_for_form(reading: Reading, asked: Sequence[str], wishes: Sequence[Wish], head: Request) -> bool:
    """Whether it names the size or colour looked for, be it as a question: "do you have it in 9?"."""
    if head.intent not in ("exchange_item", "change_items"):
        return False
    doubtful = all(not shows(wish.intent, wish.words) or wish.intent == head.intent for wish in wishes)
    corrects = corrects_form(reading.text) or (doubtful and names_form(reading.text))
    if head.stage == CONFIRM and corrects and not reading.first(EntityKind.ADDRESS):
        return True
    if not all(wish.intent in ASIDE for wish in wishes):
        return False
    if "size" not in asked and head.stage != CONFIRM:
        return False
    few = len(reading.text.split()) <= CURT + 3
    return few and (bool(_given(reading) & {"size", "color"}) or names_form(reading.text))


def _names_method(reading: Reading, head: Request) -> bool:
    """Whether a few words only say how to pay for what waits for a yes: "with my gift card"."""
    waits = head.stage == CONFIRM and head.intent in PAID and reading.first(EntityKind.PAYMENT_METHOD) is not None
    few = len(reading.text.split()) <= CURT + 3 and "?" not in reading.text
    return waits and few and not reading.first(EntityKind.ORDER_NUMBER)


def names_form(text: str) -> bool:
    """Whether a few words end with a bare size: "ok then a 9"."""
    return len(text.split()) <= CURT + 3 and BARE_SIZE.search(text) is not None


def corrects_form(text: str) -> bool:
    """Whether a few words put a size right: "sorry, the 9 I meant"."""
    folded = fold(text)
    short = len(folded.split()) <= CURT + 3
    return short and says("corrects", folded) and FORM.search(folded) is not None


def _says_it_again(reading: Reading, wishes: Sequence[Wish], head: Request) -> bool:
    """Whether it is the wish up for confirmation with nothing new in it: "yes, cancel"."""
    same = head.stage == CONFIRM and all(wish.intent == head.intent and not wish.said for wish in wishes)
    return same and reading.has(Intent.AFFIRM) and reading.answer is not Answer.CHANGE


def _takes_up(reading: Reading, wishes: Sequence[Wish]) -> bool:
    """Whether the message accepts the claim that was offered."""
    names = {wish.intent for wish in wishes}
    return names <= {"item_problem", "complaint"} or (names == {"delivery_problem"} and reading.has(Intent.AFFIRM))


def _given(reading: Reading) -> set[str]:
    """What the message holds, as ``asks`` names it."""
    kinds = {entity.kind.value for entity in reading.entities}
    given = kinds | ({"choice"} if kinds else set())
    given |= {"item"} if "product" in kinds else set()
    given |= {"size"} if "color" in kinds else set()
    return given | ({"address"} if "postal_code" in kinds else set())


def _goes_with(wish: Wish, given: set[str]) -> bool:
    """Whether a wish read beside an answer is only its sound: "llegó roto" as the reason of a return."""
    if wish.intent == "policy_question":
        return False
    return wish.intent in ASIDE or ("reason" in given and wish.intent == "item_problem") or "address" in given


def _continue(kept: list[Request], wish: Wish) -> list[Request]:
    """The same wish said again: it comes first, with the new words; another order named starts it anew."""
    index = next(position for position, one in enumerate(kept) if one.intent == wish.intent)
    one = kept.pop(index)
    number = wish.said.get(EntityKind.ORDER_NUMBER.value)
    if number is not None and one.slots.get("order") not in (None, number):
        return [wish.request(), *kept]
    said = {**one.slots.get("said", {}), **wish.said}
    return [Request(one.intent, wish.words, {**one.slots, "said": said}), *kept]


def _rival(kept: Sequence[Request], wish: Wish) -> Request | None:
    """The request under way for the same goods; another order named makes it a matter of its own."""
    group, number = rivals_of(wish.intent), wish.said.get(EntityKind.ORDER_NUMBER.value)
    return next(
        (one for one in kept if one.intent in group and one.stage and number in (None, one.slots.get("order"))), None
    )


def _shared(rival: Request) -> dict[str, object]:
    """What both wishes have in common: the order, the lines and what was said of them."""
    return {key: value for key, value in rival.slots.items() if key in ("order", "lines", "said")}
