"""Tools about exchanging goods for another variant."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.arguments import Replacement
from tools.effects import Effect, effect
from tools.gate import require_order, require_profile
from tools.grounds import Grounds, judge, read_products
from tools.offers import offer, render_clause, render_needs
from tools.policy.touched import units_left
from tools.policy.verdict import Verdict
from tools.proposals import cost_of
from tools.references import find_line, find_method
from tools.rendering import render_line
from tools.scope import Scope
from tools.shop.changes import ChangeKind, ExchangeItems
from tools.shop.models import Order, OrderLine, PaymentMethodId, Swap, Variant
from tools.shop.money import Money
from tools.swapping import read_swaps
from tools.views import VariantView, as_text


@effect(Effect.READ)
@tool(parse_docstring=True)
async def exchange_options(number: str, runtime: ToolRuntime[Scope], line: str = "") -> str:
    """Show for which variants a delivered item can be exchanged: stock, cost of each, and what stands against it.

    Args:
        number: order number
        line: line id, or words of its title; empty: every line
    """
    scope = runtime.context
    order = await require_order(scope, number)
    customer = await require_profile(scope, 1)
    lines = (find_line(order, line),) if line.strip() else order.lines
    products = await read_products(order, [item.id for item in lines], scope.shop)
    grounds = Grounds(customer, order, products)
    return as_text({"number": order.number, "lines": [_choices(item, order, grounds, scope) for item in lines]})


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def exchange_items(
    number: str, items: list[Replacement], runtime: ToolRuntime[Scope], payment_method: str = ""
) -> str:
    """Propose to exchange delivered items for other variants; name all of one order at once.

    Nothing changes until the shopper confirms.

    Args:
        number: order number
        items: what is exchanged for what
        payment_method: for the difference: id, kind or last four digits; empty: as it was paid
    """
    scope = runtime.context
    level = scope.policy.level_for(ChangeKind.EXCHANGE)
    order = await require_order(scope, number, level)
    method = find_method(await require_profile(scope, level), order, payment_method)
    return await offer(ExchangeItems(order.number, await read_swaps(order, items, scope.shop), method), scope)


def _choices(line: OrderLine, order: Order, grounds: Grounds, scope: Scope) -> dict[str, object]:
    product = grounds.products.get(line.product_id)
    others = [variant for variant in (product.variants if product else ()) if variant.id != line.variant_id]
    verdicts = [(variant, _verdict(line, order, variant, grounds, scope)) for variant in others]
    decided = next((verdict for _, verdict in verdicts if verdict.allowed), verdicts[0][1] if verdicts else None)
    view: dict[str, object] = {
        **render_line(line, units_left(order, line)),
        "eligible": decided is not None and decided.allowed,
        "code": decided.code if decided else "no_other_variant",
        "variants": [_choice(variant, verdict, order) for variant, verdict in verdicts],
    }
    if decided is not None:
        view["clause"] = render_clause(decided.clause)
        view["until"] = decided.until
        view["needs"] = render_needs(decided)
        view["alternatives"] = list(decided.alternatives)
    return view


def _choice(variant: Variant, verdict: Verdict, order: Order) -> VariantView:
    view = VariantView(
        variant_id=variant.id,
        options=dict(variant.options),
        price=variant.price.as_json(),
        in_stock=variant.available,
    )
    if verdict.allowed:
        view["difference"] = (cost_of(verdict.terms) or Money.zero(order.currency)).as_json()
    return view


def _verdict(line: OrderLine, order: Order, variant: Variant, grounds: Grounds, scope: Scope) -> Verdict:
    swap = Swap(line.id, max(1, units_left(order, line)), variant.id)
    change = ExchangeItems(order.number, (swap,), order.paid_with or PaymentMethodId(""))
    level = max(scope.identity.level, scope.policy.level_for(ChangeKind.EXCHANGE))
    return judge(change, grounds, shop=scope.shop, policy=scope.policy, identity=level, now=scope.now)
