"""The tool that proposes to cancel."""

from __future__ import annotations

from collections.abc import Sequence

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.arguments import Units, tidy
from tools.effects import Effect, effect
from tools.gate import require_order
from tools.offers import offer
from tools.policy.touched import units_left
from tools.references import find_line
from tools.scope import Scope
from tools.shop.changes import CancelOrder, ChangeKind
from tools.shop.models import LineId, Order

REASON_CHARS = 200


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def cancel_order(number: str, reason: str, runtime: ToolRuntime[Scope], items: list[Units] | None = None) -> str:
    """Propose to cancel an order that has not shipped, or some items of it. Nothing changes until the shopper confirms.

    Args:
        number: order number
        reason: why, in a few words ("no longer needed", "ordered by mistake")
        items: only these items; leave out for the whole order
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.CANCEL))
    why = tidy(reason, "reason", REASON_CHARS)
    return await offer(CancelOrder(order.number, why, count_units(order, items) if items else None), scope)


def count_units(order: Order, items: Sequence[Units]) -> dict[LineId, int]:
    """Units by line, repeated lines added up. Raises ``AskAgain`` (unknown_line, ambiguous_line)."""
    units: dict[LineId, int] = {}
    for item in items:
        line = find_line(order, item.line)
        units[line.id] = units.get(line.id, 0) + (item.quantity or max(1, units_left(order, line)))
    return units
