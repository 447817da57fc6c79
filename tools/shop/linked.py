"""An order system whose own pages come with links that their owner can open and nobody else can guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from tools.shop.changes import Applied, Change, Terms
from tools.shop.links import Holder, PageLinks
from tools.shop.models import CustomerId, Exchange, Order, Return
from tools.shop.passing import PassingShop
from tools.shop.port import Shop

Back = TypeVar("Back", Return, Exchange)


class LinkedShop(PassingShop):
    """Another order system; implements ``Shop``. Paths in its orders are signed as they are read, other links left alone.

    What it stores stays unsigned: a new secret makes new links and ends the old ones.
    """

    def __init__(self, shop: Shop, links: PageLinks) -> None:
        super().__init__(shop)
        self._links = links

    async def order_of(self, customer_id: CustomerId, number: str) -> Order | None:
        """See ``Shop``."""
        order = await super().order_of(customer_id, number)
        return order and self._signed(order)

    async def orders_of(self, customer_id: CustomerId, limit: int = 20) -> Sequence[Order]:
        """See ``Shop``."""
        return tuple(self._signed(order) for order in await self._shop.orders_of(customer_id, limit))

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
        done = await self._shop.apply(customer_id, change, terms, key=key, expected_version=expected_version, now=now)
        return self._signed_in(done)

    async def applied(self, customer_id: CustomerId, key: str) -> Applied | None:
        """See ``Shop``."""
        done = await super().applied(customer_id, key)
        return done and self._signed_in(done)

    def _signed_in(self, done: Applied) -> Applied:
        return done if done.order is None else replace(done, order=self._signed(done.order))

    def _signed(self, order: Order) -> Order:
        holder = Holder(order.customer_id, order.number)
        return replace(
            order,
            invoice_url=self._links.sign(order.invoice_url, holder),
            shipments=tuple(
                replace(one, tracking_url=self._links.sign(one.tracking_url, holder)) for one in order.shipments
            ),
            returns=tuple(self._with_label(one, holder) for one in order.returns),
            exchanges=tuple(self._with_label(one, holder) for one in order.exchanges),
        )

    def _with_label(self, back: Back, holder: Holder) -> Back:
        if back.label is None:
            return back
        return replace(back, label=replace(back.label, url=self._links.sign(back.label.url, holder)))
