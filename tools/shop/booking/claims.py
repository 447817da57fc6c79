"""Reporting goods that are damaged, wrong, missing or never came."""

from __future__ import annotations

from tools.shop.booking.draft import Draft
from tools.shop.booking.units import require_claimable, sum_units
from tools.shop.changes import OpenClaim, Terms
from tools.shop.models import Claim, ClaimStatus, OrderStatus

SENT = (OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


def open_claim(draft: Draft, change: OpenClaim, terms: Terms) -> None:  # noqa: ARG001
    """Open a claim about those units; what the shop makes of it comes later."""
    draft.require(*SENT)
    require_claimable(draft, sum_units(change.lines.items()))
    claim = Claim(
        id=draft.refer("claim"),
        kind=change.problem,
        lines=dict(change.lines),
        description=change.description,
        status=ClaimStatus.OPEN,
        wish=change.wish,
        opened_at=draft.facts.now,
    )
    draft.set(claims=(*draft.order.claims, claim))
