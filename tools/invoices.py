"""The tool that finds an invoice."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.effects import Effect, effect
from tools.gate import require_order
from tools.scope import Scope
from tools.views import as_text


@effect(Effect.READ)
@tool(parse_docstring=True)
async def get_invoice(number: str, runtime: ToolRuntime[Scope]) -> str:
    """Give the link to the invoice of an order; invoice_url is null when none was issued yet.

    Args:
        number: order number
    """
    order = await require_order(runtime.context, number)
    return as_text({"number": order.number, "total": order.total.as_json(), "invoice_url": order.invoice_url or None})
