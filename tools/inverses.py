"""The change that takes a change back, for those that can be taken back."""

from __future__ import annotations

from collections.abc import Mapping

from tools.grounds import Grounds
from tools.shop.changes import (
    CancelExchange,
    CancelReturn,
    Change,
    ChangeAddress,
    ChangeKind,
    ChangePickup,
    ChangeProfileAddress,
    ChangeSlot,
    ExchangeItems,
    HoldDelivery,
    ReturnItems,
    SetInstructions,
    Terms,
)

CHOICES = frozenset(
    {
        ChangeKind.ADDRESS,
        ChangeKind.SLOT,
        ChangeKind.PICKUP,
        ChangeKind.HOLD,
        ChangeKind.INSTRUCTIONS,
        ChangeKind.PROFILE_ADDRESS,
    }
)
"""Kinds that replace one choice by another: the old one can be put back."""

PROMISES = frozenset({ChangeKind.RETURN, ChangeKind.EXCHANGE})
"""Kinds whose money only moves once the goods are back: they can be withdrawn before that."""


def can_undo(change: Change, terms: Terms) -> bool:
    """Whether the change can be taken back at all: never when money moves as it is carried out."""
    return change.kind in PROMISES or (change.kind in CHOICES and not terms.charge and not terms.refund)


def inverse_of(change: Change, before: Grounds) -> Change | None:
    """What would restore ``before``; none where nothing would, or only the RMA still to be opened can be withdrawn."""
    if isinstance(change, ChangeProfileAddress):
        return ChangeProfileAddress(before.customer.address)
    if before.order is None:
        return None
    choice, number = before.order.delivery, change.number
    match change:
        case ChangeAddress():
            return ChangeAddress(number, before.order.address)
        case ChangeSlot():
            return ChangeSlot(number, choice.slot.id if choice.slot else None)
        case ChangePickup():
            return ChangePickup(number, choice.pickup_point.id if choice.pickup_point else None)
        case HoldDelivery():
            return HoldDelivery(number, choice.hold_until)
        case SetInstructions():
            return SetInstructions(number, choice.instructions)
    return None


def withdrawal_of(change: Change, references: Mapping[str, str]) -> Change | None:
    """What withdraws the RMA that ``change`` opened under these references; none for other changes."""
    if "rma" not in references:
        return None
    match change:
        case ReturnItems():
            return CancelReturn(change.number, references["rma"])
        case ExchangeItems():
            return CancelExchange(change.number, references["rma"])
    return None
