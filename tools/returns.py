"""Tools about sending goods back."""

from __future__ import annotations

from collections.abc import Sequence

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.arguments import UnitsBack
from tools.effects import Effect, effect
from tools.errors import AskAgain
from tools.gate import require_order, require_profile
from tools.grounds import Grounds, judge, read_products
from tools.offers import offer, render_clause, render_needs
from tools.policy.touched import units_left
from tools.policy.verdict import Verdict
from tools.references import find_line, find_method
from tools.rendering import render_line, render_method, render_money
from tools.scope import Scope
from tools.shop.changes import CancelExchange, CancelReturn, ChangeKind, ReturnItems
from tools.shop.models import Order, OrderLine, PaymentMethodId, ReturnLine, ReturnReason
from tools.views import as_text


@effect(Effect.READ)
@tool(parse_docstring=True)
async def return_options(number: str, runtime: ToolRuntime[Scope]) -> str:
    """Show, line by line, what can be returned, until when, with which refund and fee, and what stands against it.

    Args:
        number: order number
    """
    scope = runtime.context
    order = await require_order(scope, number)
    customer = await require_profile(scope, 1)
    products = await read_products(order, [line.id for line in order.lines], scope.shop)
    grounds = Grounds(customer, order, products)
    lines = [_eligibility(line, order, grounds, scope) for line in order.lines]
    eligible = [line for line in order.lines if _verdict(line, order, order.paid_with, grounds, scope).allowed]
    methods = [
        render_method(method)
        for method in customer.payment_methods
        if eligible and _verdict(eligible[0], order, method.id, grounds, scope).allowed
    ]
    reasons = [reason.value for reason in ReturnReason]
    return as_text({"number": order.number, "lines": lines, "refund_methods": methods, "reasons": reasons})


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def return_items(number: str, items: list[UnitsBack], runtime: ToolRuntime[Scope], refund_to: str = "") -> str:
    """Propose to return items of one order for a refund; name all of them at once.

    Nothing changes until the shopper confirms.

    Args:
        number: order number
        items: what comes back and why
        refund_to: payment method id, kind or last four digits; empty: as it was paid
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.RETURN))
    customer = await require_profile(scope, scope.policy.level_for(ChangeKind.RETURN))
    method = find_method(customer, order, refund_to)
    return await offer(ReturnItems(order.number, _lines_back(order, items), method), scope)


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def cancel_return(number: str, runtime: ToolRuntime[Scope], rma: str = "") -> str:
    """Propose to withdraw a return or an exchange that was not sent yet. Nothing changes until the shopper confirms.

    Args:
        number: order number
        rma: the number of the return or exchange; empty when there is only one
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.CANCEL_RETURN))
    known = {item.rma: item for item in order.rmas}
    wanted = rma.strip().upper() or (next(iter(known)) if len(known) == 1 else "")
    if wanted not in known:
        raise AskAgain("unknown_rma", rmas=[{"rma": key, "status": item.status.value} for key, item in known.items()])
    is_return = any(item.rma == wanted for item in order.returns)
    change = CancelReturn(order.number, wanted) if is_return else CancelExchange(order.number, wanted)
    return await offer(change, scope)


def _lines_back(order: Order, items: Sequence[UnitsBack]) -> tuple[ReturnLine, ...]:
    if not items:
        raise AskAgain("no_items", lines=[line.id for line in order.lines])
    return tuple(_line_back(order, item) for item in items)


def _line_back(order: Order, item: UnitsBack) -> ReturnLine:
    line = find_line(order, item.line)
    try:
        reason = ReturnReason(item.reason.strip().lower())
    except ValueError as unknown:
        raise AskAgain("unknown_reason", reasons=[reason.value for reason in ReturnReason]) from unknown
    return ReturnLine(line.id, item.quantity or max(1, units_left(order, line)), reason)


def _verdict(line: OrderLine, order: Order, method: PaymentMethodId | None, grounds: Grounds, scope: Scope) -> Verdict:
    units = max(1, units_left(order, line))
    back = (ReturnLine(line.id, units, ReturnReason.CHANGED_MIND),)
    change = ReturnItems(order.number, back, method or PaymentMethodId(""))
    level = max(scope.identity.level, scope.policy.level_for(ChangeKind.RETURN))
    return judge(change, grounds, shop=scope.shop, policy=scope.policy, identity=level, now=scope.now)


def _eligibility(line: OrderLine, order: Order, grounds: Grounds, scope: Scope) -> dict[str, object]:
    verdict = _verdict(line, order, order.paid_with, grounds, scope)
    return {
        **render_line(line, units_left(order, line)),
        "eligible": verdict.allowed,
        "decision": verdict.decision.value,
        "code": verdict.code,
        "clause": render_clause(verdict.clause),
        "until": verdict.until,
        "needs": render_needs(verdict),
        "alternatives": list(verdict.alternatives),
        "refund": render_money(verdict.terms.refund) if verdict.allowed else None,
        "fee": render_money(verdict.terms.fee) if verdict.allowed else None,
    }
