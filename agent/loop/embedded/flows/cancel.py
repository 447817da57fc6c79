"""Cancelling an order, or some items of it, before it ships."""

from __future__ import annotations

from agent.conversation import Request
from agent.loop.embedded.case import Case, Step, with_slots
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import put_to_shopper, still_pending
from agent.loop.embedded.mentions import fold, mentions
from agent.understanding.reading import EntityKind

BY_MISTAKE = ("por error", "me equivoqu", "sin querer", "by mistake", "by accident", "wrong one", "sem querer", "por engano", "errei")
NO_LONGER_NEEDED, ORDERED_BY_MISTAKE = "no longer needed", "ordered by mistake"


def cancel_order(case: Case, request: Request) -> Step:
    """Propose it at once: why somebody cancels is asked of nobody, only kept when they say it."""
    pending = still_pending(case, request, case.heard(EntityKind.ORDER_NUMBER), case.heard(EntityKind.PRODUCT))
    if pending:
        return pending
    number = find_order(case, request, _not_closed, level=2, none_fits="order.none_open")
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number)
    words = fold(f"{request.words} {case.brief.reading.text}")
    reason = ORDERED_BY_MISTAKE if any(phrase in words for phrase in BY_MISTAKE) else NO_LONGER_NEEDED
    items = _items_said(case, request, number)
    more = {"items": items} if items else {}
    return put_to_shopper(case, kept, case.call("cancel_order", number=number, reason=reason, **more))


def _items_said(case: Case, request: Request, number: str) -> list[dict[str, object]]:
    """Only some lines, when their titles were said and others were not."""
    order = case.call("get_order", number=number)
    lines = [line for line in order.get("lines", ()) if line["open"] > 0]
    words = f"{request.words} {case.brief.reading.text}"
    named = [line for line in lines if mentions(words, str(line["title"]))]
    if not named or len(named) == len(lines):
        return []
    return [{"line": str(line["line_id"]), "quantity": int(line["open"])} for line in named]


def _not_closed(order: Summary) -> bool:
    return order["status"] in ("unpaid", "processing", "packed", "shipped")
