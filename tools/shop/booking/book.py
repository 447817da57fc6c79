"""From a change to its booking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tools.shop.booking import cancelling, claims, delivery, items, payment, sending_back
from tools.shop.booking.draft import Booking, Draft, Facts
from tools.shop.changes import Change, ChangeKind, Terms

STEPS: Mapping[ChangeKind, Callable[[Draft, Any, Terms], None]] = {
    ChangeKind.ADDRESS: delivery.change_address,
    ChangeKind.SLOT: delivery.change_slot,
    ChangeKind.PICKUP: delivery.change_pickup,
    ChangeKind.HOLD: delivery.hold,
    ChangeKind.INSTRUCTIONS: delivery.instruct,
    ChangeKind.CANCEL: cancelling.cancel,
    ChangeKind.ITEMS: items.change_items,
    ChangeKind.PAYMENT: payment.change_payment,
    ChangeKind.RETURN: sending_back.return_items,
    ChangeKind.EXCHANGE: sending_back.exchange_items,
    ChangeKind.CLAIM: claims.open_claim,
    ChangeKind.CANCEL_RETURN: sending_back.cancel_return,
    ChangeKind.CANCEL_EXCHANGE: sending_back.cancel_exchange,
}


def book(change: Change, terms: Terms, facts: Facts) -> Booking:
    """The booking of any change to an order (a profile address touches none). Raises ``NotPossible``."""
    draft = Draft(facts)
    STEPS[change.kind](draft, change, terms)
    return draft.close()
