"""Tools that show orders."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.effects import Effect, effect
from tools.gate import require_customer, require_order, require_profile
from tools.order_views import render_order, render_summary
from tools.scope import Scope
from tools.situations import Clock
from tools.views import as_text


@effect(Effect.READ)
@tool(parse_docstring=True)
async def list_orders(runtime: ToolRuntime[Scope]) -> str:
    """List the shopper's orders, newest first: number, status, date, total, titles."""
    scope = runtime.context
    orders = await scope.shop.orders_of(require_customer(scope, 2))
    return as_text({"orders": [render_summary(order, Clock.of(scope.policy, scope.now)) for order in orders]})


@effect(Effect.READ)
@tool(parse_docstring=True)
async def get_order(number: str, runtime: ToolRuntime[Scope]) -> str:
    """Show one order: lines with their ids, amounts, delivery choice, returns, exchanges, claims.

    Args:
        number: order number

    """
    scope = runtime.context
    order = await require_order(scope, number)
    customer = await require_profile(scope, 1)
    return as_text(render_order(order, customer, scope.policy.zone, full_address=scope.identity.level >= 2))
