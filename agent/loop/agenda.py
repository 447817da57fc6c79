"""What the shopper wants, kept across turns: new wishes join, answers continue, a change of mind replaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.conversation import Request
from agent.understanding.reading import Answer, EntityKind, Intent, Reading

SOCIAL = frozenset(
    {Intent.GREETING, Intent.THANKS_BYE, Intent.AFFIRM, Intent.DENY, Intent.INFORM, Intent.HUMAN_AGENT, Intent.FEEDBACK}
)
ASIDE = frozenset({"policy_question", "product_help", "account_help", "out_of_scope"})
MAKES_GOOD = frozenset({"return_item", "exchange_item", "refund_status"})
HELD = frozenset(
    {Intent.ORDER_STATUS, Intent.DELIVERY_PROBLEM, Intent.CHANGE_DELIVERY_SLOT, Intent.DELIVERY_INSTRUCTIONS, Intent.CHANGE_PICKUP}
)
HOLD = re.compile(
    r"\b(?:reten\w*|guard[ae]\w*|hold|keep it|segur[ae]\w*|guardem|no (?:lo |la )?(?:entreguen|manden) (?:antes|hasta))\b", re.IGNORECASE
)
SURE = 0.3
RIVALS = (
    frozenset({"return_item", "exchange_item", "cancel_order", "change_items", "item_problem"}),
    frozenset({"change_address", "change_pickup", "change_delivery_slot"}),
)
MOST = 4


def update_agenda(agenda: Sequence[Request], reading: Reading, asked: Sequence[str]) -> tuple[Request, ...]:
    """The agenda after a message, the request to work on first.

    A question asked in the middle goes before the request it interrupts; a wish that competes with the current one
    (return instead of exchange) takes its place; anything else waits its turn in the order said.
    """
    wanted = _wishes(reading)
    if agenda and _answers(reading, asked, wanted, agenda[0]):
        return tuple(agenda)
    kept = list(agenda)
    asides: list[Request] = []
    later: list[Request] = []
    for name in wanted:
        request = Request(name, reading.text)
        if name in ASIDE:
            asides.append(request)
        elif any(one.intent == name for one in kept):
            kept = _continue(kept, name, reading)
        elif (rival := _rival(kept, name)) is not None:
            kept[kept.index(rival)] = replace(request, slots=_shared(rival))
        else:
            later.append(request)
    return tuple([*asides, *kept, *later][:MOST])


def drop_confirmed(agenda: Sequence[Request], *, retry: bool) -> tuple[Request, ...]:
    """The agenda after a decision: what was decided on is done, or starts anew when it has to be shown again."""
    if retry:
        return tuple(replace(one, stage="") if one.stage == "confirm" else one for one in agenda)
    return tuple(one for one in agenda if one.stage != "confirm")


def _wishes(reading: Reading) -> list[str]:
    """What the message wants, each once: a complaint beside a wish is its tone, a late parcel a question after it."""
    found = [intent.name for intent in reading.intents if intent.name not in SOCIAL and intent.score >= SURE]
    if Intent.DELIVERY_PROBLEM in found and Intent.ORDER_STATUS in found:
        found.remove(Intent.ORDER_STATUS)
    if len(found) > 1 and Intent.COMPLAINT in found:
        found.remove(Intent.COMPLAINT)
    holds = bool(HOLD.search(reading.text)) and reading.first(EntityKind.DATE) is not None
    return list(dict.fromkeys("hold_delivery" if holds and name in HELD else name.value for name in found))


def _answers(reading: Reading, asked: Sequence[str], wanted: Sequence[str], head: Request) -> bool:
    """Whether the message answers what was asked rather than wanting something else."""
    if not wanted:
        return True
    if head.intent == Intent.ITEM_PROBLEM and head.stage in ("open", "offer") and set(wanted) <= MAKES_GOOD:
        return True
    if not asked or reading.answer is Answer.CHANGE:
        return False
    given = {entity.kind.value for entity in reading.entities} | ({"choice"} if reading.entities else set())
    given |= {"item"} if reading.first(EntityKind.PRODUCT) else set()
    if given & set(asked) and all(name in ASIDE or name == head.intent for name in wanted):
        return Intent.POLICY_QUESTION.value not in wanted
    return "reason" in asked and "reason" in given and "size" not in given and wanted[0] in RIVALS[0]


def _continue(kept: list[Request], intent: str, reading: Reading) -> list[Request]:
    """The same wish said again: it comes first, with the new words; another order named starts it anew."""
    index = next(position for position, one in enumerate(kept) if one.intent == intent)
    one = kept.pop(index)
    number = reading.first(EntityKind.ORDER_NUMBER)
    fresh = number is not None and one.slots.get("order") not in (None, number.value)
    return [Request(intent, reading.text) if fresh else replace(one, words=reading.text, stage=""), *kept]


def _rival(kept: Sequence[Request], intent: str) -> Request | None:
    group = next((group for group in RIVALS if intent in group), frozenset())
    return next((one for one in kept if one.intent in group and one.stage), None)


def _shared(rival: Request) -> dict[str, object]:
    """What both wishes have in common: the order and the line."""
    return {key: value for key, value in rival.slots.items() if key in ("order", "lines")}
