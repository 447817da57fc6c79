"""An order system as one turn sees it: what was read once is read no more, and does not change meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from tools.shop.changes import Applied, Change, Terms
from tools.shop.matching import number_key
from tools.shop.models import Customer, CustomerId, Order, PickupPoint, Product, ProductId
from tools.shop.passing import PassingShop
from tools.shop.port import Shop

T = TypeVar("T")


class Snapshot(PassingShop):
    """Another order system that remembers customers, orders, products and pickup points; implements ``Shop``.

    Make one for each turn and let it go afterwards: nothing expires. A write goes through and everything is forgotten,
    whatever came of it. Slots, proofs and what was applied are asked for every time, and a failure is not remembered.
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self._kept: dict[Hashable, Any] = {}

    async def customer(self, customer_id: CustomerId) -> Customer | None:
        """See ``Shop``."""
        return await self._once(("customer", customer_id), lambda: self._shop.customer(customer_id))

    async def customer_with_email(self, email: str) -> Customer | None:
        """See ``Shop``."""
        kept = self._kept
        found = await self._once(("email", email), lambda: self._shop.customer_with_email(email))
        return found and kept.setdefault(("customer", found.id), found)

    async def order_of(self, customer_id: CustomerId, number: str) -> Order | None:
        """See ``Shop``."""
        return await self._once(
            _order_key(customer_id, number),
            lambda: self._shop.order_of(customer_id, number),
        )

    async def orders_of(self, customer_id: CustomerId, limit: int = 20) -> Sequence[Order]:
        """See ``Shop``; each order as it was when first read, and ``order_of`` knows it from now on."""
        kept = self._kept
        orders = await self._once(("orders", customer_id, limit), lambda: self._shop.orders_of(customer_id, limit))
        return tuple(kept.setdefault(_order_key(customer_id, order.number), order) for order in orders)

    async def product(self, product_id: ProductId) -> Product | None:
        """See ``Shop``."""
        return await self._once(("product", product_id), lambda: self._shop.product(product_id))

    async def pickup_points_for(self, order: Order) -> Sequence[PickupPoint]:
        """See ``Shop``; asked once for an address."""
        return await self._once(("points", order.address), lambda: self._shop.pickup_points_for(order))

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
        """See ``Shop``."""
        try:
            return await self._shop.apply(
                customer_id, change, terms, key=key, expected_version=expected_version, now=now
            )
        finally:
            self._kept = {}

    async def _once(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        # What was asked before a write and answered after it must not be found after it: it lands in the old dict.
        kept = self._kept
        if key not in kept:
            answer = await ask()
            kept.setdefault(key, answer)
        remembered: T = kept[key]
        return remembered


def _order_key(customer_id: CustomerId, number: str) -> Hashable:
    return "order", customer_id, number_key(number)
