"""Every write an order system may be asked for, as frozen values that can be compared, stored and bound to a consent.

A change carries exactly what the shopper agreed to. Amounts are not in it: the shop's policy computes them, and the
adapter receives them as ``Terms``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tools.shop.models import (
    Address,
    ClaimKind,
    CustomerId,
    LineId,
    Order,
    OrderNumber,
    PaymentMethodId,
    ReturnLine,
    Swap,
)
from tools.shop.money import Money


class ChangeKind(StrEnum):
    """The kinds of write, as they are named in policy files, actions and capabilities."""

    ADDRESS = "change_address"
    SLOT = "change_slot"
    PICKUP = "change_pickup"
    HOLD = "hold_delivery"
    INSTRUCTIONS = "delivery_instructions"
    CANCEL = "cancel_order"
    ITEMS = "change_items"
    PAYMENT = "change_payment"
    RETURN = "return_items"
    EXCHANGE = "exchange_items"
    CLAIM = "open_claim"
    PROFILE_ADDRESS = "change_profile_address"
    CANCEL_RETURN = "cancel_return"
    CANCEL_EXCHANGE = "cancel_exchange"


@dataclass(frozen=True, slots=True)
class ChangeAddress:
    """Send the order somewhere else."""

    number: OrderNumber
    address: Address
    kind = ChangeKind.ADDRESS


@dataclass(frozen=True, slots=True)
class ChangeSlot:
    """Bring it in another window; none takes the chosen slot off again."""

    number: OrderNumber
    slot_id: str | None
    kind = ChangeKind.SLOT


@dataclass(frozen=True, slots=True)
class ChangePickup:
    """Bring it to a pickup point; none brings it home again."""

    number: OrderNumber
    pickup_point_id: str | None
    kind = ChangeKind.PICKUP


@dataclass(frozen=True, slots=True)
class HoldDelivery:
    """Keep it until that day; none lets it go."""

    number: OrderNumber
    until: date | None
    kind = ChangeKind.HOLD


@dataclass(frozen=True, slots=True)
class SetInstructions:
    """Tell the carrier something (at most 250 characters)."""

    number: OrderNumber
    text: str
    kind = ChangeKind.INSTRUCTIONS


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel the order, or only the named units of it."""

    number: OrderNumber
    reason: str
    lines: Mapping[LineId, int] | None = None
    kind = ChangeKind.CANCEL


@dataclass(frozen=True, slots=True)
class ChangeItems:
    """Replace lines by other variants of the same product before shipping."""

    number: OrderNumber
    swaps: tuple[Swap, ...]
    method_id: PaymentMethodId
    kind = ChangeKind.ITEMS


@dataclass(frozen=True, slots=True)
class ChangePayment:
    """Pay with another method on file."""

    number: OrderNumber
    method_id: PaymentMethodId
    kind = ChangeKind.PAYMENT


@dataclass(frozen=True, slots=True)
class ReturnItems:
    """Send lines back for a refund to that method."""

    number: OrderNumber
    lines: tuple[ReturnLine, ...]
    refund_method_id: PaymentMethodId
    kind = ChangeKind.RETURN


@dataclass(frozen=True, slots=True)
class ExchangeItems:
    """Send lines back for other variants of the same product."""

    number: OrderNumber
    swaps: tuple[Swap, ...]
    method_id: PaymentMethodId
    kind = ChangeKind.EXCHANGE


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """Report damaged, wrong, missing or never received goods."""

    number: OrderNumber
    problem: ClaimKind
    lines: Mapping[LineId, int]
    description: str
    wish: str = ""
    kind = ChangeKind.CLAIM


@dataclass(frozen=True, slots=True)
class ChangeProfileAddress:
    """Change the customer's own default address; no order is touched."""

    address: Address
    kind = ChangeKind.PROFILE_ADDRESS


@dataclass(frozen=True, slots=True)
class CancelReturn:
    """Withdraw an RMA that has not been sent yet."""

    number: OrderNumber
    rma: str
    kind = ChangeKind.CANCEL_RETURN


@dataclass(frozen=True, slots=True)
class CancelExchange:
    """Withdraw an exchange that has not been sent yet."""

    number: OrderNumber
    rma: str
    kind = ChangeKind.CANCEL_EXCHANGE


Change = (
    ChangeAddress
    | ChangeSlot
    | ChangePickup
    | HoldDelivery
    | SetInstructions
    | CancelOrder
    | ChangeItems
    | ChangePayment
    | ReturnItems
    | ExchangeItems
    | OpenClaim
    | ChangeProfileAddress
    | CancelReturn
    | CancelExchange
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What policy attached to a change: the adapter books these figures and computes none of its own.

    ``charge``: what the customer pays now (a slot fee, a price difference). ``refund``: what goes back to them.
    ``fee``: what is kept back from the refund (return shipping). ``refund_days``: days until it should be seen,
    by method kind. ``ship_by``: the deadline to post the goods. ``policy``: the version judged by.
    """

    charge: Money | None = None
    refund: Money | None = None
    fee: Money | None = None
    refund_days: int = 0
    ship_by: datetime | None = None
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """A write that happened: the order after it and the references the shopper may quote (``{"rma": "R-..."}``)."""

    key: str
    customer_id: CustomerId
    kind: ChangeKind
    at: datetime
    order: Order | None
    references: Mapping[str, str] = field(default_factory=dict)
