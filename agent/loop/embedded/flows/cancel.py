"""Cancelling an order, or some items of it, before it ships."""

from __future__ import annotations

import re

from agent.conversation import Request
from agent.loop.embedded.case import Case, Step, with_slots
from agent.loop.embedded.flows.lines import named_in, units_said
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import put_to_shopper, still_pending
from agent.loop.embedded.flows.returns import withdraw
from agent.loop.embedded.vocabulary import meaning_of
from agent.understanding.reading import EntityKind
from agent.understanding.text import fold

KEPT = re.compile(
    r"[^,.;:]*\b(?:si (?:lo |la |los |las )?quiero|(?:still|do) want|i'?m keeping|i'?ll keep|want to keep|ainda quero|quero sim|fico com|me quedo)\b[^,.;:]*"
)
"""The part of a message about what is to stay in the order."""

NO_LONGER_NEEDED = "no longer needed"


def cancel_order(case: Case, request: Request) -> Step:
    """Propose it at once: why somebody cancels is asked of nobody, only kept when they say it."""
    pending = still_pending(case, request, case.heard(EntityKind.ORDER_NUMBER), case.heard(EntityKind.PRODUCT))
    if pending:
        return pending
    if meaning_of("withdraw", request.words) and meaning_of("sent_back", request.words):
        return withdraw(case, request)
    number = find_order(case, request, _not_closed, level=2, none_fits="order.none_open")
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number)
    words = f"{request.words} {case.text}"
    items = _items_said(case, words, number)
    more = {"items": items} if items else {}
    reason = meaning_of("cancel_reason", words) or NO_LONGER_NEEDED
    return put_to_shopper(case, kept, case.call("cancel_order", number=number, reason=reason, **more))


def _items_said(case: Case, words: str, number: str) -> list[dict[str, object]]:
    """Only some lines or units, when they were said and others were not."""
    order = case.call("get_order", number=number)
    lines = [line for line in order.get("lines", ()) if line["open"] > 0]
    named = named_in(KEPT.sub(" ", fold(words)), lines)
    items: list[dict[str, object]] = [{"line": str(one["line_id"]), "quantity": units_said(case, one)} for one in named]
    units = sum(int(str(item["quantity"])) for item in items)
    return items if units < sum(int(line["open"]) for line in lines) else []


def _not_closed(order: Summary) -> bool:
    return order["status"] in ("unpaid", "processing", "packed", "shipped")
