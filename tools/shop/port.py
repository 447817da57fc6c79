"""The port to an order system. Adapters implement it; nothing above it knows which one is there.

Ownership is inside every read: an order of somebody else equals no order. Every write names an idempotency key and
the version it was decided on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tools.shop.changes import Applied, Change, ChangeKind, Terms
from tools.shop.models import (
    Customer,
    CustomerId,
    Order,
    PickupPoint,
    Product,
    ProductId,
    Slot,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a shopper offers to show that an order or account is theirs; empty where not offered.

    Comparison is the adapter's and is lenient in form, strict in substance: case, accents and spaces do not count
    in names and e-mails, separators do not count in phones and order numbers (a leading ``#`` neither); phones
    match on their last eight digits.
    """

    number: str = ""
    email: str = ""
    postal_code: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""


class Shop(Protocol):
    """An order system.

    Every method may raise ``ShopUnavailable``. Reads of what is not there, or not this customer's, answer ``None``
    or nothing at all.
    """

    @property
    def capabilities(self) -> frozenset[ChangeKind]:
        """The writes this shop can carry out."""
        ...

    async def identify(self, proof: Proof) -> CustomerId | None:
        """The customer to whom *all* given parts of the proof belong, when it is exactly one."""
        ...

    async def customer(self, customer_id: CustomerId) -> Customer | None:
        """That customer."""
        ...

    async def customer_with_email(self, email: str) -> Customer | None:
        """The customer with that e-mail address, for sessions a storefront has signed."""
        ...

    async def order_of(self, customer_id: CustomerId, number: str) -> Order | None:
        """That customer's order with that number, however it is written (``#W1``, ``w1``, ``W-1``)."""
        ...

    async def orders_of(self, customer_id: CustomerId, limit: int = 20) -> Sequence[Order]:
        """That customer's orders, newest first."""
        ...

    async def product(self, product_id: ProductId) -> Product | None:
        """A product with its variants and their stock."""
        ...

    async def slots_for(self, order: Order, now: datetime) -> Sequence[Slot]:
        """Delivery windows the carrier offers for this order, soonest first; none when it offers none."""
        ...

    async def pickup_points_for(self, order: Order) -> Sequence[PickupPoint]:
        """Pickup points near the order's address, nearest first."""
        ...

    async def apply(
        self,
        customer_id: CustomerId,
        change: Change,
        terms: Terms,
        *,
        key: str,
        expected_version: int,
        now: datetime,
    ) -> Applied:
        """Carry out a change once, whole or not at all.

        The same ``key`` again answers the first ``Applied`` and changes nothing. ``expected_version`` is the order's
        version (the customer's for a profile address). Raises ``StaleVersion``, ``NotOffered``, ``NotPossible``
        (codes: unknown_order, unknown_line, bad_quantity, unknown_variant, other_product, out_of_stock,
        insufficient_balance, unknown_method, unknown_slot, unknown_pickup_point, unknown_rma, wrong_status,
        key_reused) or ``ShopUnavailable``, after which ``applied`` tells what happened.
        """
        ...

    async def applied(self, customer_id: CustomerId, key: str) -> Applied | None:
        """What was carried out under that key for that customer."""
        ...
