"""Sending goods back for a refund."""

from __future__ import annotations

from collections.abc import Sequence

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.lines import choose_lines, remember, units_said
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.understanding.reading import EntityKind


def return_item(case: Case, request: Request) -> Step:
    """Which lines, why, and where the money goes; what cannot come back is said with what it would have taken."""
    kinds = (EntityKind.REASON, EntityKind.ORDER_NUMBER, EntityKind.QUANTITY, EntityKind.PAYMENT_METHOD)
    pending = still_pending(case, request, *(case.heard(kind) for kind in kinds))
    if pending:
        return pending
    number = find_order(case, request, _arrived, level=2, none_fits="order.none_delivered")
    if isinstance(number, Step):
        return number
    options = case.call("return_options", number=number)
    if "error" in options:
        return failed(case, request, options)
    lines: Sequence[Result] = [line for line in options["lines"] if line["open"] > 0]
    if not lines:
        return Step((case.say("returns.nothing_left", number=number),))
    chosen = choose_lines(case, request, lines, "returns.which_items")
    if isinstance(chosen, Step):
        return Step(chosen.say, chosen.asks, with_slots(request, "open", order=number))
    return _propose(case, remember(request, number, chosen), number, chosen)


def _propose(case: Case, request: Request, number: str, chosen: Sequence[Result]) -> Step:
    reason = case.heard(EntityKind.REASON) or request.slots.get("reason") or case.brief.fact("reason")
    barred = [line for line in chosen if not line["eligible"]]
    if barred and len(barred) == len(chosen) and reason not in ("damaged", "defective", "wrong_item", "not_as_described"):
        return Step((case.wording.denial({**barred[0], "order": number}, case.brief.language),))
    if not reason:
        if case.asked("reason") and case.brief.reading.text.strip():
            reason = "other"
        else:
            return Step((case.say("returns.ask_reason", items=[line["title"] for line in chosen]),), ("reason",), request)
    kept = with_slots(request, request.stage, reason=reason)
    items = [
        {"line": str(line["line_id"]), "quantity": units_said(case, line), "reason": reason}
        for line in chosen
        if line["eligible"] or len(chosen) == len(barred)
    ]
    method = case.heard(EntityKind.PAYMENT_METHOD) or request.slots.get("method") or ""
    more = {"refund_to": method} if method else {}
    step = put_to_shopper(case, kept, case.call("return_items", number=number, items=items, **more))
    if barred and len(barred) < len(chosen):
        left_out = case.wording.denial({**barred[0], "order": number, "alternatives": ()}, case.brief.language)
        return Step((case.say("returns.not_this_one", title=barred[0]["title"], why=left_out), *step.say), step.asks, step.keep)
    return step


def _arrived(order: Summary) -> bool:
    return bool(order["status"] == "delivered")
