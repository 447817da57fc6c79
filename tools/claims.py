"""The tool that reports goods that came wrong, broken, incomplete or not at all."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.arguments import Units, tidy
from tools.cancel import count_units
from tools.effects import Effect, effect
from tools.errors import AskAgain
from tools.gate import require_order
from tools.offers import offer
from tools.scope import Scope
from tools.shop.changes import ChangeKind, OpenClaim
from tools.shop.models import ClaimKind

DESCRIPTION_CHARS = 1000
WISHES = ("", "refund", "replacement", "repair")


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def report_problem(
    number: str,
    problem: str,
    description: str,
    runtime: ToolRuntime[Scope],
    items: list[Units] | None = None,
    wish: str = "",
) -> str:
    """Propose a claim about items that are damaged, wrong, missing or never came. Nothing is opened until the yes.

    Args:
        number: order number
        problem: damaged, wrong_item, missing_item or not_received
        description: what happened, in the shopper's words
        items: the items concerned; leave out when it is the whole order
        wish: refund, replacement or repair; empty when not said
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.CLAIM))
    lines = count_units(order, items or [Units(line=line.id) for line in order.lines])
    words = tidy(description, "description", DESCRIPTION_CHARS)
    change = OpenClaim(order.number, _problem(problem), lines, words, _wish(wish))
    return await offer(change, scope)


def _problem(text: str) -> ClaimKind:
    try:
        return ClaimKind(text.strip().lower())
    except ValueError as unknown:
        raise AskAgain("unknown_problem", problems=[kind.value for kind in ClaimKind]) from unknown


def _wish(text: str) -> str:
    wish = text.strip().lower()
    if wish not in WISHES:
        raise AskAgain("unknown_wish", wishes=list(WISHES[1:]))
    return wish
