"""The tool that says where the money is."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.effects import Effect, effect
from tools.gate import require_order, require_profile
from tools.order_views import render_exchange, render_return
from tools.rendering import render_method_of, render_moment
from tools.scope import Scope
from tools.shop.models import Customer, Refund, RefundStatus
from tools.views import RefundView, as_text


@effect(Effect.READ)
@tool(parse_docstring=True)
async def refund_status(number: str, runtime: ToolRuntime[Scope]) -> str:
    """Show the refunds of an order with the day by which each should be seen, and the returns that will bring more.

    Args:
        number: order number
    """
    scope = runtime.context
    zone = scope.policy.zone
    order = await require_order(scope, number)
    customer = await require_profile(scope, 1)
    view = {
        "number": order.number,
        "status": order.status.value,
        "refunds": [render_refund(refund, customer, scope) for refund in order.refunds],
        "returns": [render_return(rma, order, customer, zone) for rma in order.returns],
        "exchanges": [render_exchange(rma, order, zone) for rma in order.exchanges],
    }
    return as_text(view)


def render_refund(refund: Refund, customer: Customer, scope: Scope) -> RefundView:
    """One refund; overdue when its day has passed and it has not settled."""
    zone = scope.policy.zone
    due = refund.expected_by
    late = due is not None and due.astimezone(zone).date() < scope.now.astimezone(zone).date()
    return RefundView(
        refund_id=refund.id,
        amount=refund.amount.as_json(),
        method=render_method_of(customer, refund.method_id),
        status=refund.status.value,
        reason=refund.reason,
        issued_at=render_moment(refund.issued_at, zone),
        expected_by=render_moment(due, zone),
        overdue=late and refund.status is not RefundStatus.SETTLED,
    )
