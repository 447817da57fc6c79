"""An order system that fails on purpose, at chosen calls, for tests and evaluations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from tools.shop.changes import Applied, Change, ChangeKind, Terms
from tools.shop.errors import ShopUnavailable, StaleVersion
from tools.shop.models import Customer, CustomerId, Order, PickupPoint, Product, ProductId, Slot
from tools.shop.port import Proof, Shop

T = TypeVar("T")


class Moment(StrEnum):
    """How a call fails: before the shop heard of it, after it did its work and the answer was lost, or refused because
    somebody else changed the order meanwhile.
    """

    BEFORE = "before"
    AFTER = "after"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Fault:
    """The ``call``-th call (from 1) of that method of the port fails; with ``call=None`` every one does."""

    method: str
    moment: Moment = Moment.BEFORE
    call: int | None = None


class FaultyShop:
    """Another order system with scripted failures: ``ShopUnavailable`` or ``StaleVersion``. ``calls`` counts calls by method."""

    def __init__(self, inner: Shop, plan: Iterable[Fault]) -> None:
        self._inner = inner
        self._plan = tuple(plan)
        self.calls: dict[str, int] = {}

    @property
    def capabilities(self) -> frozenset[ChangeKind]:
        """The inner shop's; never fails."""
        return self._inner.capabilities

    async def identify(self, proof: Proof) -> CustomerId | None:
        """See ``Shop``."""
        return await self._call("identify", lambda: self._inner.identify(proof))

    async def customer(self, customer_id: CustomerId) -> Customer | None:
        """See ``Shop``."""
        return await self._call("customer", lambda: self._inner.customer(customer_id))

    async def customer_with_email(self, email: str) -> Customer | None:
        """See ``Shop``."""
        return await self._call("customer_with_email", lambda: self._inner.customer_with_email(email))

    async def order_of(self, customer_id: CustomerId, number: str) -> Order | None:
        """See ``Shop``."""
        return await self._call("order_of", lambda: self._inner.order_of(customer_id, number))

    async def orders_of(self, customer_id: CustomerId, limit: int = 20) -> Sequence[Order]:
        """See ``Shop``."""
        return await self._call("orders_of", lambda: self._inner.orders_of(customer_id, limit))

    async def product(self, product_id: ProductId) -> Product | None:
        """See ``Shop``."""
        return await self._call("product", lambda: self._inner.product(product_id))

    async def slots_for(self, order: Order, now: datetime) -> Sequence[Slot]:
        """See ``Shop``."""
        return await self._call("slots_for", lambda: self._inner.slots_for(order, now))

    async def pickup_points_for(self, order: Order) -> Sequence[PickupPoint]:
        """See ``Shop``."""
        return await self._call("pickup_points_for", lambda: self._inner.pickup_points_for(order))

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
        return await self._call(
            "apply",
            lambda: self._inner.apply(customer_id, change, terms, key=key, expected_version=expected_version, now=now),
        )

    async def applied(self, customer_id: CustomerId, key: str) -> Applied | None:
        """See ``Shop``."""
        return await self._call("applied", lambda: self._inner.applied(customer_id, key))

    async def _call(self, method: str, ask: Callable[[], Awaitable[T]]) -> T:
        self.calls[method] = count = self.calls.get(method, 0) + 1
        moments = {f.moment for f in self._plan if f.method == method and f.call in (None, count)}
        if Moment.BEFORE in moments:
            raise ShopUnavailable("scripted", f"{method} {count}: before")
        if Moment.CONFLICT in moments:
            raise StaleVersion("stale_version", f"{method} {count}: scripted")
        answer = await ask()
        if Moment.AFTER in moments:
            raise ShopUnavailable("scripted", f"{method} {count}: after")
        return answer
