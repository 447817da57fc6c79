"""Tools about variants: what is in stock, and other variants in an order that has not shipped."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.arguments import Replacement
from tools.effects import Effect, effect
from tools.errors import AskAgain
from tools.gate import require_order, require_profile
from tools.offers import offer
from tools.references import find_line, find_method
from tools.scope import Scope
from tools.shop.changes import ChangeItems, ChangeKind
from tools.shop.models import ProductId
from tools.swapping import read_product, read_swaps, render_product
from tools.views import as_text


@effect(Effect.READ)
@tool(parse_docstring=True)
async def product_stock(runtime: ToolRuntime[Scope], product_id: str = "", number: str = "", line: str = "") -> str:
    """Show the variants of a product with options, price and stock. Name the product, or a line of the shopper's order.

    Args:
        product_id: product_id from an order line
        number: order number, instead of product_id
        line: line id, or words of its title
    """
    scope = runtime.context
    if product_id.strip():
        product = await scope.shop.product(ProductId(product_id.strip()))
        if product is None:
            raise AskAgain("unknown_product")
    elif number.strip():
        product = await read_product(find_line(await require_order(scope, number), line), scope.shop)
    else:
        raise AskAgain("which_product", needs=["product_id", "number and line"])
    return as_text(render_product(product, scope.language))


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def change_items(
    number: str, items: list[Replacement], runtime: ToolRuntime[Scope], payment_method: str = ""
) -> str:
    """Propose other variants for items of an order not shipped yet; name all of them at once.

    Nothing changes until the shopper confirms.

    Args:
        number: order number
        items: what is replaced by what
        payment_method: for the difference: id, kind or last four digits; empty: as it was paid
    """
    scope = runtime.context
    level = scope.policy.level_for(ChangeKind.ITEMS)
    order = await require_order(scope, number, level)
    method = find_method(await require_profile(scope, level), order, payment_method)
    return await offer(ChangeItems(order.number, await read_swaps(order, items, scope.shop), method), scope)
