"""An order system in front of another: whoever changes something on the way overrides just that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tools.shop.changes import Applied, Change, ChangeKind, Terms
from tools.shop.models import Customer, CustomerId, Order, PickupPoint, Product, ProductId, Slot
from tools.shop.port import Proof, Shop


class PassingShop:
    """Passes everything on; implements ``Shop``."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @property
    def capabilities(self) -> frozenset[ChangeKind]:
        """See ``Shop``."""
        return self._shop.capabilities

    async def identify(self, proof: Proof) -> CustomerId | None:
        """See ``Shop``."""
        return await self._shop.identify(proof)

    async def customer(self, customer_id: CustomerId) -> Customer | None:
        """See ``Shop``."""
        return await self._shop.customer(customer_id)

    async def customer_with_email(self, email: str) -> Customer | None:
        """See ``Shop``."""
        return await self._shop.customer_with_email(email)

    async def order_of(self, customer_id: CustomerId, number: str) -> Order | None:
        """See ``Shop``."""
        return await self._shop.order_of(customer_id, number)

    async def orders_of(self, customer_id: CustomerId, limit: int = 20) -> Sequence[Order]:
        """See ``Shop``."""
        return await self._shop.orders_of(customer_id, limit)

    async def product(self, product_id: ProductId) -> Product | None:
        """See ``Shop``."""
        return await self._shop.product(product_id)

    async def slots_for(self, order: Order, now: datetime) -> Sequence[Slot]:
        """See ``Shop``."""
        return await self._shop.slots_for(order, now)

    async def pickup_points_for(self, order: Order) -> Sequence[PickupPoint]:
        """See ``Shop``."""
        return await self._shop.pickup_points_for(order)

    async def apply(
        self, customer_id: CustomerId, change: Change, terms: Terms, *, key: str, expected_version: int, now: datetime
    ) -> Applied:
        """See ``Shop``."""
        return await self._shop.apply(customer_id, change, terms, key=key, expected_version=expected_version, now=now)

    async def applied(self, customer_id: CustomerId, key: str) -> Applied | None:
        """See ``Shop``."""
        return await self._shop.applied(customer_id, key)
