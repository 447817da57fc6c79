"""The order system behind the port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from tools.shop.changes import Applied, Change, ChangeKind, Terms
from tools.shop.data import ImportRefused, ShopData
from tools.shop.errors import NotOffered
from tools.shop.matching import email_key, number_key
from tools.shop.models import Customer, CustomerId, Order, OrderStatus, PickupPoint, Product, ProductId, Slot
from tools.shop.port import Proof
from tools.shop.sql import reads
from tools.shop.sql.engine import read, write
from tools.shop.sql.everything import read_everything, read_profile, replace_everything
from tools.shop.sql.identifying import identify
from tools.shop.sql.nearby import sort_by_nearness
from tools.shop.sql.profile import Profile
from tools.shop.sql.slots import list_slots
from tools.shop.sql.tables import applied_changes
from tools.shop.sql.writes import Request, carry_out
from tools.shop.wire import APPLIED

ARRIVED_OR_NEVER = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED})


class SqlShop:
    """One shop of the database; implements ``Shop``.

    ``open`` gives a shop that was loaded before, ``load`` fills one. Any number may work on the same tables.
    """

    def __init__(self, engine: AsyncEngine, shop_id: str, profile: Profile | None = None) -> None:
        self._engine = engine
        self._shop = shop_id
        self._profile = profile or Profile()

    @classmethod
    async def open(cls, engine: AsyncEngine, shop_id: str) -> SqlShop | None:
        """The shop with that id and its own capabilities and delivery windows; none when nothing was ever loaded."""
        async with read(engine) as connection:
            profile = await read_profile(connection, shop_id)
        return None if profile is None else cls(engine, shop_id, profile)

    async def load(self, data: ShopData) -> None:
        """Put that data in place of all this shop has, whole or not at all; applied changes are forgotten.

        Raises ``ImportRefused`` when two things in it have the same id (order numbers as they are compared).
        """
        try:
            async with write(self._engine) as connection:
                await replace_everything(connection, self._shop, data)
        except IntegrityError as error:
            raise ImportRefused((f"{data.name}: an id occurs twice: {error.orig}",)) from error
        self._profile = Profile.of(data)

    async def export_all(self) -> ShopData:
        """All of the shop as it is now, of one moment."""
        async with read(self._engine) as connection:
            return await read_everything(connection, self._shop)

    @property
    def capabilities(self) -> frozenset[ChangeKind]:
        """See ``Shop``."""
        return self._profile.capabilities

    async def identify(self, proof: Proof) -> CustomerId | None:
        """See ``Shop``."""
        async with read(self._engine) as connection:
            return await identify(connection, self._shop, proof)

    async def customer(self, customer_id: CustomerId) -> Customer | None:
        """See ``Shop``."""
        async with read(self._engine) as connection:
            return await reads.find_customer(connection, self._shop, customer_id)

    async def customer_with_email(self, email: str) -> Customer | None:
        """See ``Shop``."""
        key = email_key(email)
        if not key:
            return None
        async with read(self._engine) as connection:
            return await reads.find_customer_by_email(connection, self._shop, key)

    async def order_of(self, customer_id: CustomerId, number: str) -> Order | None:
        """See ``Shop``."""
        async with read(self._engine) as connection:
            return await reads.find_order(connection, self._shop, customer_id, number_key(number))

    async def orders_of(self, customer_id: CustomerId, limit: int = 20) -> Sequence[Order]:
        """See ``Shop``; orders without a date come last, the later loaded before the earlier."""
        async with read(self._engine) as connection:
            return await reads.list_orders(connection, self._shop, customer_id, limit)

    async def product(self, product_id: ProductId) -> Product | None:
        """See ``Shop``."""
        async with read(self._engine) as connection:
            return await reads.find_product(connection, self._shop, product_id)

    async def slots_for(self, order: Order, now: datetime) -> Sequence[Slot]:
        """See ``Shop``; by the plan of the country it goes to."""
        plan = self._profile.slot_plan.get(order.address.country)
        if plan is None or order.status in ARRIVED_OR_NEVER:
            return ()
        return list_slots(plan, now)

    async def pickup_points_for(self, order: Order) -> Sequence[PickupPoint]:
        """See ``Shop``; those of the country it goes to."""
        async with read(self._engine) as connection:
            points = await reads.list_pickup_points(connection, self._shop, order.address.country)
        return sort_by_nearness(points, order.address)

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
        if change.kind not in self.capabilities:
            raise NotOffered("not_offered", change.kind)
        request = Request(customer_id, change, terms, key, expected_version, now)
        async with write(self._engine) as connection:
            return await carry_out(connection, self._shop, self._profile, request)

    async def applied(self, customer_id: CustomerId, key: str) -> Applied | None:
        """See ``Shop``."""
        c = applied_changes.c
        query = select(c.document).where(c.shop_id == self._shop, c.customer_id == customer_id, c.key == key)
        async with read(self._engine) as connection:
            document = (await connection.execute(query)).scalar()
        return None if document is None else APPLIED.read(document)
