"""Stands between the service and the order system and remembers who was read, and what was written on whose word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tools.grounds import judge, read_grounds
from tools.policy.port import Policy
from tools.shop.changes import Applied, Change, Terms
from tools.shop.models import Customer, CustomerId, Order
from tools.shop.port import Shop

SIGNED_IN = 2


@dataclass(frozen=True, slots=True)
class Write:
    """A write that arrived: for whom, under which key, and whether policy allowed it at that moment."""

    customer_id: str
    key: str
    kind: str
    allowed: bool


@dataclass
class Witness:
    """An order system; implements ``Shop`` by the one it wraps."""

    inner: Shop
    policy: Policy
    read: set[str] = field(default_factory=set)
    writes: list[Write] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    """By customer, all that was ever written for them: it comes back in what they read."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def forget(self) -> None:
        """Before the next turn."""
        self.read, self.writes = set(), []

    async def customer(self, customer_id: CustomerId) -> Customer | None:
        """See ``Shop``."""
        self.read.add(customer_id)
        return await self.inner.customer(customer_id)

    async def order_of(self, customer_id: CustomerId, number: str) -> Order | None:
        """See ``Shop``."""
        self.read.add(customer_id)
        return await self.inner.order_of(customer_id, number)

    async def orders_of(self, customer_id: CustomerId, limit: int = 20) -> Sequence[Order]:
        """See ``Shop``."""
        self.read.add(customer_id)
        return await self.inner.orders_of(customer_id, limit)

    async def apply(
        self, customer_id: CustomerId, change: Change, terms: Terms, *, key: str, expected_version: int, now: datetime
    ) -> Applied:
        """See ``Shop``; policy is asked on a reading of its own first."""
        grounds = await read_grounds(change, customer_id, self.inner)
        verdict = judge(change, grounds, shop=self.inner, policy=self.policy, identity=SIGNED_IN, now=now)
        self.writes.append(Write(customer_id, key, change.kind.value, verdict.allowed))
        self.written[customer_id] = self.written.get(customer_id, "") + repr(change)
        return await self.inner.apply(customer_id, change, terms, key=key, expected_version=expected_version, now=now)
