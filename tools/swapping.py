"""From the replacements a model names to swaps of lines for variants, before and after shipping alike."""

from __future__ import annotations

from collections.abc import Sequence

from tools.arguments import Replacement
from tools.errors import AskAgain
from tools.policy.touched import units_left
from tools.references import find_line, find_variant
from tools.rendering import title_in
from tools.shop.models import Order, OrderLine, Product, Swap
from tools.shop.port import Shop
from tools.views import ProductView, VariantView


async def read_swaps(order: Order, items: Sequence[Replacement], shop: Shop) -> tuple[Swap, ...]:
    """The swaps meant. Raises ``AskAgain`` (no_items, unknown_line, unknown_product, unknown_variant)."""
    if not items:
        raise AskAgain("no_items", lines=[line.id for line in order.lines])
    return tuple([await _read_swap(order, item, shop) for item in items])


async def read_product(line: OrderLine, shop: Shop) -> Product:
    """The product of a line. Raises ``AskAgain("unknown_product")`` when the shop no longer has it."""
    product = await shop.product(line.product_id)
    if product is None:
        raise AskAgain("unknown_product", line_id=line.id)
    return product


def render_product(product: Product, language: str) -> ProductView:
    """A product with what can be had of it."""
    variants = [
        VariantView(
            variant_id=variant.id,
            options=dict(variant.options),
            price=variant.price.as_json(),
            in_stock=variant.available,
        )
        for variant in product.variants
    ]
    title = title_in(product, language)
    return ProductView(product_id=product.id, title=title, final_sale=product.final_sale, variants=variants)


async def _read_swap(order: Order, item: Replacement, shop: Shop) -> Swap:
    line = find_line(order, item.line)
    variant = find_variant(await read_product(line, shop), line, item.variant_id.strip(), item.options)
    return Swap(line.id, item.quantity or max(1, units_left(order, line)), variant.id)
