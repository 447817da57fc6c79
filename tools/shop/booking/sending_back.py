"""Returns and exchanges: asking for one, and withdrawing it before anything was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from tools.shop.booking.draft import Draft
from tools.shop.booking.items import find_new_variant
from tools.shop.booking.references import derive_tracking
from tools.shop.booking.units import require_returnable, sum_units
from tools.shop.changes import CancelExchange, CancelReturn, ExchangeItems, ReturnItems, Terms
from tools.shop.errors import NotPossible
from tools.shop.models import Exchange, Label, OrderStatus, Return, ReturnStatus
from tools.shop.money import Money

Opened = TypeVar("Opened", Return, Exchange)

ARRIVED = (OrderStatus.SHIPPED, OrderStatus.DELIVERED)


def return_items(draft: Draft, change: ReturnItems, terms: Terms) -> None:
    """Open an RMA with its label; money moves once the goods are accepted, not now."""
    draft.require(*ARRIVED)
    draft.method(change.refund_method_id)
    require_returnable(draft, sum_units((part.line_id, part.quantity) for part in change.lines))
    rma = draft.refer("rma")
    zero = Money.zero(draft.order.currency)
    opened = Return(
        rma=rma,
        lines=change.lines,
        status=ReturnStatus.REQUESTED,
        refund_method_id=change.refund_method_id,
        refund=terms.refund or zero,
        fee=terms.fee or zero,
        requested_at=draft.facts.now,
        ship_by=terms.ship_by,
        label=_print_label(draft, rma),
    )
    draft.set(returns=(*draft.order.returns, opened))


def exchange_items(draft: Draft, change: ExchangeItems, terms: Terms) -> None:
    """Open an exchange and reserve the new variants; a gift card must bear the difference but is not charged yet."""
    draft.require(*ARRIVED)
    draft.method(change.method_id)
    require_returnable(draft, sum_units((swap.line_id, swap.quantity) for swap in change.swaps))
    for swap in change.swaps:
        draft.move(find_new_variant(draft, swap).id, -swap.quantity)
    zero = Money.zero(draft.order.currency)
    difference = (terms.charge or zero) - (terms.refund or zero)
    draft.require_balance(change.method_id, difference)
    rma = draft.refer("exchange")
    opened = Exchange(
        rma=rma,
        swaps=change.swaps,
        status=ReturnStatus.REQUESTED,
        method_id=change.method_id,
        difference=difference,
        requested_at=draft.facts.now,
        ship_by=terms.ship_by,
        label=_print_label(draft, rma),
    )
    draft.set(exchanges=(*draft.order.exchanges, opened))


def cancel_return(draft: Draft, change: CancelReturn, terms: Terms) -> None:  # noqa: ARG001
    """Withdraw an RMA."""
    found = next((opened for opened in draft.order.returns if opened.rma == change.rma), None)
    withdrawn = replace(_require_open(found, change.rma), status=ReturnStatus.CANCELLED)
    draft.set(returns=tuple(withdrawn if opened is found else opened for opened in draft.order.returns))
    draft.references["rma"] = change.rma


def cancel_exchange(draft: Draft, change: CancelExchange, terms: Terms) -> None:  # noqa: ARG001
    """Withdraw an exchange and put what was reserved back."""
    found = next((opened for opened in draft.order.exchanges if opened.rma == change.rma), None)
    withdrawn = replace(_require_open(found, change.rma), status=ReturnStatus.CANCELLED)
    for swap in withdrawn.swaps:
        draft.move(swap.new_variant_id, swap.quantity)
    draft.set(exchanges=tuple(withdrawn if opened is found else opened for opened in draft.order.exchanges))
    draft.references["rma"] = change.rma


def _require_open(found: Opened | None, rma: str) -> Opened:
    if found is None:
        raise NotPossible("unknown_rma", rma)
    if found.status is not ReturnStatus.REQUESTED:
        raise NotPossible("wrong_status", found.status)
    return found


def _print_label(draft: Draft, rma: str) -> Label:
    carrier = next((parcel.carrier for parcel in reversed(draft.order.shipments)), "")
    return Label(url=f"/labels/{rma}", carrier=carrier, tracking_number=derive_tracking(draft.facts.key))
