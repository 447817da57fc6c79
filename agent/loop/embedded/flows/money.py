"""Refunds, invoices, and paying in another way."""

from __future__ import annotations

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.knowledge import answer_question
from agent.loop.embedded.flows.methods import name_method
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.loop.embedded.flows.social import was_refused
from agent.loop.signs import says
from agent.understanding.reading import EntityKind


def tell_refund(case: Case, request: Request) -> Step:
    """Where the money is, and by when it should be seen."""
    number = find_order(case, request, _gives_money_back, none_fits="money.no_refund_anywhere")
    if isinstance(number, Step) and not number.asks and was_refused(case):
        return Step((case.say("social.after_no"),))
    if isinstance(number, Step):
        in_general = not number.asks and says("when_the_money_comes", request.words)
        return answer_question(case, request) if in_general else number
    view = case.call("refund_status", number=number)
    if "error" in view:
        return failed(case, request, view)
    told = [_tell_refund(case, refund, number) for refund in view["refunds"]]
    arrived = [one["rma"] for one in view["returns"] if one["status"] == "received"]
    if told and arrived:
        told.insert(0, case.say("money.return_arrived", rma=arrived[0]))
    if not told:
        told = [_tell_return(case, one, number) for one in view["returns"] if one["status"] != "cancelled"]
    return Step((" ".join(told) or case.say("money.no_refund", number=view["number"]),))


def _tell_refund(case: Case, refund: Result, number: str) -> str:
    key = "money.refund_overdue" if refund["overdue"] else f"money.refund_{refund['status']}"
    values = {
        "number": number,
        "amount": refund["amount"],
        "by": refund["expected_by"],
        "method": name_method(case, refund["method"]),
        "issued": refund["issued_at"],
    }
    return case.say_of(key, values)


def _tell_return(case: Case, one: Result, number: str) -> str:
    method = name_method(case, one["method"])
    values = {"number": number, "rma": one["rma"], "amount": one["refund"], "by": one["ship_by"], "method": method}
    return case.say_of(f"money.return_{one['status']}", values)


def _gives_money_back(order: Summary) -> bool:
    return bool(order.get("money_back"))


def give_invoice(case: Case, request: Request) -> Step:
    """The link to the invoice."""
    number = find_order(case, request, lambda _: True, choose=lambda orders: str(orders[0]["number"]))
    if isinstance(number, Step):
        return number
    view = case.call("get_invoice", number=number)
    if "error" in view:
        return failed(case, request, view)
    if view["invoice_url"]:
        return Step((case.say("money.invoice", number=number, url=view["invoice_url"]),))
    return Step((case.say("money.no_invoice", number=number),))


def pay_differently(case: Case, request: Request) -> Step:
    """Another method for an order that has not shipped, of those on file."""
    named = case.heard(EntityKind.PAYMENT_METHOD)
    pending = still_pending(case, request, named, case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_order(
        case, request, _payable, level=1, choose=lambda orders: str(orders[0]["number"]), none_fits="order.none_open"
    )
    if isinstance(number, Step):
        return number
    order = case.call("get_order", number=number)
    if "error" in order:
        return failed(case, request, order)
    kept = with_slots(request, "open", order=number)
    wants = named or request.slots.get("said", {}).get(EntityKind.PAYMENT_METHOD.value) or ""
    if not wants:
        key = "money.unpaid" if order["status"] == "unpaid" else "money.payment_fine"
        return Step((case.say(key, number=number, total=order["total"]),), ("payment_method",), kept)
    answer = case.call("change_payment", number=number, payment_method=str(wants))
    return put_to_shopper(case, kept, answer)


def _payable(order: Summary) -> bool:
    return order["status"] in ("unpaid", "processing")
