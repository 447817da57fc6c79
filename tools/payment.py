"""The tool that proposes another way to pay."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.effects import Effect, effect
from tools.errors import AskAgain
from tools.gate import require_order, require_profile
from tools.offers import offer
from tools.references import find_method
from tools.rendering import render_method
from tools.scope import Scope
from tools.shop.changes import ChangeKind, ChangePayment


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def change_payment(number: str, payment_method: str, runtime: ToolRuntime[Scope]) -> str:
    """Propose to pay an order with another method the shopper has on file. Nothing changes until the shopper confirms.

    Args:
        number: order number
        payment_method: id, kind (card, paypal, gift_card) or last four digits
    """
    scope = runtime.context
    level = scope.policy.level_for(ChangeKind.PAYMENT)
    order = await require_order(scope, number, level)
    customer = await require_profile(scope, level)
    if not payment_method.strip():
        raise AskAgain("unknown_method", methods=[render_method(method) for method in customer.payment_methods])
    return await offer(ChangePayment(order.number, find_method(customer, order, payment_method)), scope)
