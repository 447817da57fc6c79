"""Other variants instead of those bought, before shipping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tools.shop.booking.draft import Draft
from tools.shop.booking.paid import is_owed, sum_goods
from tools.shop.booking.units import count_live, require_live, sum_units
from tools.shop.changes import ChangeItems, Terms
from tools.shop.errors import NotPossible
from tools.shop.models import LineId, Order, OrderLine, OrderStatus, Swap, Variant
from tools.shop.money import Money

OPEN = (OrderStatus.UNPAID, OrderStatus.PROCESSING)


def change_items(draft: Draft, change: ChangeItems, terms: Terms) -> None:
    """Replace the lines, move the stock, and book the difference: a payment, or else a refund (of zero when even).

    An order of which nothing is paid yet just owes what its lines cost now.
    """
    draft.require(*OPEN)
    draft.method(change.method_id)
    require_live(draft, sum_units((swap.line_id, swap.quantity) for swap in change.swaps))
    before = sum_goods(draft.order)
    for swap in change.swaps:
        _replace_units(draft, swap)
    draft.set(items_changed=True)
    if is_owed(draft.order):
        draft.set(total=draft.order.total + sum_goods(draft.order) - before)
        return
    zero = Money.zero(draft.order.currency)
    charge, refund = terms.charge or zero, terms.refund or zero
    if charge:
        draft.pay(change.method_id, charge)
    if refund or not charge:
        draft.refund(change.method_id, refund, days=terms.refund_days, reason=change.kind)
    draft.set(total=draft.order.total + charge - refund)


def find_new_variant(draft: Draft, swap: Swap) -> Variant:
    """The variant a swap asks for; it must be of the line's own product."""
    variant = draft.facts.variants.get(swap.new_variant_id)
    if variant is None:
        raise NotPossible("unknown_variant", swap.new_variant_id)
    if variant.product_id != draft.line(swap.line_id).product_id:
        raise NotPossible("other_product", swap.new_variant_id)
    return variant


def _replace_units(draft: Draft, swap: Swap) -> None:
    old = draft.line(swap.line_id)
    variant = find_new_variant(draft, swap)
    draft.move(old.variant_id, swap.quantity)
    draft.move(variant.id, -swap.quantity)
    new = replace(old, variant_id=variant.id, options=variant.options, unit_price=variant.price)
    if swap.quantity == count_live(old) and not old.cancelled:
        parts: Sequence[OrderLine] = (new,)
    else:
        parts = (
            replace(old, quantity=old.quantity - swap.quantity),
            replace(new, id=_find_free_id(draft.order, old.id), quantity=swap.quantity, cancelled=0),
        )
    draft.set(lines=tuple(_put(draft.order.lines, old.id, parts)))


def _put(lines: Sequence[OrderLine], line_id: LineId, parts: Sequence[OrderLine]) -> Iterator[OrderLine]:
    for line in lines:
        yield from parts if line.id == line_id else (line,)


def _find_free_id(order: Order, line_id: LineId) -> LineId:
    taken = {line.id for line in order.lines}
    part = 2
    while f"{line_id}.{part}" in taken:
        part += 1
    return LineId(f"{line_id}.{part}")
