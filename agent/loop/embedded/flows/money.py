"""Refunds, invoices, and paying in another way."""

from __future__ import annotations

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.identity import code_instead
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.understanding.reading import EntityKind

MONEY_BACK = ("refund_pending", "return_open", "returned", "refunded")


def tell_refund(case: Case, request: Request) -> Step:
    """Where the money is, and by when it should be seen."""
    number = find_order(case, request, _gives_money_back, none_fits="money.no_refund_anywhere")
    if isinstance(number, Step):
        return number
    view = case.call("refund_status", number=number)
    if "error" in view:
        return failed(case, request, view)
    told = [_tell_refund(case, refund) for refund in view["refunds"]]
    if not told:
        told = [_tell_return(case, one) for one in view["returns"] if one["status"] != "cancelled"]
    return Step(tuple(told) or (case.say("money.no_refund", number=view["number"]),))


def _tell_refund(case: Case, refund: Result) -> str:
    key = "money.refund_overdue" if refund["overdue"] else f"money.refund_{refund['status']}"
    return _say(case, key, {"amount": refund["amount"], "by": refund["expected_by"], "method": _method(case, refund["method"]), "issued": refund["issued_at"]})


def _tell_return(case: Case, one: Result) -> str:
    values = {"rma": one["rma"], "amount": one["refund"], "by": one["ship_by"], "method": _method(case, one["method"])}
    return _say(case, f"money.return_{one['status']}", values)


def _say(case: Case, key: str, values: Result) -> str:
    return case.say(key, **{name: values[name] for name in case.sentences.keys[key]})


def _method(case: Case, method: Result | None) -> str:
    if method is None:
        return case.say("method.other")
    return _say(case, f"method.{method['kind']}", method)


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
    """Another method for an order that has not shipped; any other trouble with a payment is explained from the articles."""
    wants = case.known(EntityKind.PAYMENT_METHOD) if case.heard(EntityKind.PAYMENT_METHOD) or request.stage else None
    pending = still_pending(case, request, case.heard(EntityKind.PAYMENT_METHOD), case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_order(case, request, _payable, level=1, choose=lambda orders: str(orders[0]["number"]), none_fits="order.none_open")
    if isinstance(number, Step):
        return number
    order = case.call("get_order", number=number)
    if "error" in order:
        return failed(case, request, order)
    kept = with_slots(request, "open", order=number)
    if not wants:
        key = "money.unpaid" if order["status"] == "unpaid" else "money.payment_fine"
        return Step((case.say(key, number=number, total=order["total"]),), ("payment_method",), kept)
    answer = case.call("change_payment", number=number, payment_method=wants)
    blocked = code_instead(case, kept, answer)
    return blocked or put_to_shopper(case, kept, answer)


def _payable(order: Summary) -> bool:
    return order["status"] in ("unpaid", "processing")
