"""Sending goods back for a refund, and calling that off again."""

from __future__ import annotations

from collections.abc import Sequence

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.lines import choose_lines, counts_said, remember, spent_among, units_said
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.loop.embedded.vocabulary import meaning_of
from agent.understanding.reading import EntityKind

FAULTS = ("damaged", "defective", "wrong_item", "not_as_described")


def return_item(case: Case, request: Request) -> Step:
    """Which lines, why, and where the money goes; what cannot come back is said with what it would have taken."""
    kinds = (
        EntityKind.REASON,
        EntityKind.ORDER_NUMBER,
        EntityKind.QUANTITY,
        EntityKind.PAYMENT_METHOD,
        EntityKind.PRODUCT,
    )
    pending = still_pending(case, request, *(case.heard(kind) for kind in kinds))
    if pending:
        return pending
    if meaning_of("withdraw", request.words):
        return withdraw(case, request)
    number = find_order(case, request, _arrived, level=2, or_else=_open, none_fits="order.none_delivered")
    if isinstance(number, Step):
        return number
    options = case.call("return_options", number=number)
    if "error" in options:
        return failed(case, request, options)
    lines: Sequence[Result] = [line for line in options["lines"] if line["open"] > 0]
    if not lines:
        return Step((case.say("returns.nothing_left", number=number),))
    if spent := spent_among(case, request, options["lines"]):
        return _none_of(case, spent, number)
    chosen = choose_lines(case, request, lines, "returns.which_items")
    if isinstance(chosen, Step):
        kept = with_slots(request, "open", order=number, reason=_reason(case, request))
        return _all_barred(case, lines, number) or Step(chosen.say, chosen.asks, kept)
    return _propose(case, remember(request, number, chosen), number, chosen)


def withdraw(case: Case, request: Request) -> Step:
    """The shopper keeps the goods after all: the open return or exchange is called off."""
    number = find_order(case, request, _money_back, level=2, none_fits="returns.nothing_open")
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number)
    answer = case.call("cancel_return", number=number)
    if answer.get("error") == "unknown_rma":
        return Step((case.say("returns.nothing_open"),))
    return put_to_shopper(case, kept, answer)


def tell_label(case: Case, request: Request) -> Step:
    """Where the label of an open return or exchange is, and until when it is good."""
    number = find_order(case, request, _to_send_back, choose=_newest, none_fits="returns.no_label")
    if isinstance(number, Step):
        return number
    order = case.call("get_order", number=number)
    if "error" in order:
        return failed(case, request, order)
    awaited = [one for one in (*order["returns"], *order["exchanges"]) if one["status"] == "requested"]
    told = [case.say_of("returns.label", {**one, "number": number}) for one in awaited if one["label_url"]]
    return Step(tuple(told) or (case.say("returns.no_label"),))


def _newest(orders: Sequence[Summary]) -> str:
    return str(orders[0]["number"])


def _all_barred(case: Case, lines: Sequence[Result], number: str) -> Step | None:
    """Nothing of the order can come back for one and the same reason: then it is not asked which."""
    if any(line["eligible"] for line in lines) or len({line["code"] for line in lines}) > 1:
        return None
    return Step((case.wording.denial({**lines[0], "order": number}, case.brief.language),))


def _propose(case: Case, request: Request, number: str, chosen: Sequence[Result]) -> Step:
    reason = _reason(case, request)
    barred = [line for line in chosen if not line["eligible"]]
    if barred and len(barred) == len(chosen) and reason not in FAULTS:
        return _none_of(case, barred, number)
    kept = with_slots(request, request.stage, reason=reason)
    left_out = _left_out(case, barred, number) if len(barred) < len(chosen) else ()
    able = [line for line in chosen if line["eligible"]] or list(chosen)
    if not reason:
        key = "returns.ask_reason_again" if request.slots.get("reason_asked") else "returns.ask_reason"
        asks = case.say(key, items=[line["title"] for line in able])
        kept = remember(kept, number, able, reason_asked=True, units=counts_said(case, able))
        return Step((*left_out, asks), ("reason",), kept)
    items = [{"line": str(line["line_id"]), "quantity": units_said(case, line), "reason": reason} for line in able]
    method = case.told(EntityKind.PAYMENT_METHOD) or request.slots.get("method") or ""
    more = {"refund_to": method} if method else {}
    step = put_to_shopper(case, kept, case.call("return_items", number=number, items=items, **more))
    return Step((*left_out, *step.say), step.asks, step.keep)


def _none_of(case: Case, barred: Sequence[Result], number: str) -> Step:
    why = case.wording.denial({**barred[0], "order": number}, case.brief.language)
    if len(barred) == 1:
        return Step((why,))
    return Step((case.say("returns.not_these", items=[line["title"] for line in barred], why=why),))


def _reason(case: Case, request: Request) -> str:
    """Said now, said before, or whatever was answered when it was asked."""
    spoken = case.told(EntityKind.REASON) or meaning_of("reason", f"{case.text} {request.words}")
    known = spoken or request.slots.get("reason") or case.brief.fact("reason")
    return str(known or ("other" if case.asked("reason") else ""))


def _left_out(case: Case, barred: Sequence[Result], number: str) -> tuple[str, ...]:
    return tuple(
        case.say(
            "returns.not_this_one",
            title=line["title"],
            why=case.wording.denial({**line, "order": number, "alternatives": ()}, case.brief.language),
        )
        for line in barred
    )


def _arrived(order: Summary) -> bool:
    return bool(order["status"] == "delivered")


def _open(order: Summary) -> bool:
    return bool(order["status"] != "cancelled")


def _to_send_back(order: Summary) -> bool:
    return bool(order["to_send_back"])


def _money_back(order: Summary) -> bool:
    return bool(order["money_back"] or order["to_send_back"]) and order["status"] == "delivered"
