"""The order system behind the port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from tools.shop.changes import Applied, Change, ChangeKind, Terms
from tools.shop.data import ImportRefused, ShopData
from tools.shop.errors import NotOffered
from tools.shop.matching import email_key, number_key
from tools.shop.models import Customer, CustomerId, Order, OrderStatus, PickupPoint, Product, ProductId, Slot
from tools.shop.port import Proof
from tools.shop.sql import reads
from tools.shop.sql.engine import ShopEngine
from tools.shop.sql.everything import read_everything, read_profile, replace_everything
from tools.shop.sql.identifying import identify
from tools.shop.sql.nearby import sort_by_nearness
from tools.shop.sql.profile import Profile
from tools.shop.sql.slots import list_slots
from tools.shop.sql.writes import Request, carry_out

ARRIVED_OR_NEVER = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED})


class SqlShop:
    """One shop of the database; implements ``Shop``.

    ``open`` gives a shop that was loaded before, ``load`` fills one. Any number may work on the same tables.
    """

    def __init__(self, engine: ShopEngine, shop_id: str, profile: Profile | None = None) -> None:
        self._engine = engine
        self._shop = shop_id
        self._profile = profile or Profile()

    @classmethod
    async def open(cls, engine: ShopEngine, shop_id: str) -> SqlShop | None:
        """The shop with that id and its own capabilities and delivery windows; none when nothing was ever loaded."""
        profile = await engine.look_up(lambda c: read_profile(c, shop_id))
        return None if profile is None else cls(engine, shop_id, profile)

    async def load(self, data: ShopData) -> None:
        """Put that data in place of all this shop has, whole or not at all; applied changes are forgotten.

        Raises ``ImportRefused`` when two things in it have the same id (order numbers as they are compared).
        """
        try:
            await self._engine.write(lambda c: replace_everything(c, self._shop, data))
        except IntegrityError as error:
            raise ImportRefused((f"{data.name}: an id occurs twice: {error.orig}",)) from error
        self._profile = Profile.of(data)

    async def export_all(self) -> ShopData:
        """All of the shop as it is now, of one moment."""
        return await self._engine.read(lambda c: read_everything(c, self._shop))

    @property
    def capabilities(self) -> frozenset[ChangeKind]:
        """See ``Shop``."""
        return self._profile.capabilities

    async def identify(self, proof: Proof) -> CustomerId | None:
        """See ``Shop``."""
        return await self._engine.look_up(lambda c: identify(c, self._shop, proof))

    async def customer(self, customer_id: CustomerId) -> Customer | None:
        """See ``Shop``."""
        return await self._engine.look_up(lambda c: reads.find_customer(c, self._shop, customer_id))

    async def customer_with_email(self, email: str) -> Customer | None:
        """See ``Shop``."""
        key = email_key(email)
        if not key:
            return None
        found = await self._engine.look_up(lambda c: reads.find_by_email(c, self._shop, key))
        return None if found is None else await self.customer(found)

    async def order_of(self, customer_id: CustomerId, number: str) -> Order | None:
        """See ``Shop``."""
        return await self._engine.look_up(lambda c: reads.find_order(c, self._shop, customer_id, number_key(number)))

    async def orders_of(self, customer_id: CustomerId, limit: int = 20) -> Sequence[Order]:
        """See ``Shop``; orders without a date come last, the later loaded before the earlier."""
        return await self._engine.look_up(lambda c: reads.list_orders(c, self._shop, customer_id, limit))

    async def product(self, product_id: ProductId) -> Product | None:
        """See ``Shop``."""
        return await self._engine.look_up(lambda c: reads.find_product(c, self._shop, product_id))

    async def slots_for(self, order: Order, now: datetime) -> Sequence[Slot]:
        """See ``Shop``; by the plan of the country it goes to."""
        plan = self._profile.slot_plan.get(order.address.country)
        if plan is None or order.status in ARRIVED_OR_NEVER:
            return ()
        return list_slots(plan, now)

    async def pickup_points_for(self, order: Order) -> Sequence[PickupPoint]:
        """See ``Shop``; those of the country it goes to."""
        country = order.address.country
        points = await self._engine.look_up(lambda c: reads.list_pickup_points(c, self._shop, country))
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
        return await self._engine.write(lambda c: carry_out(c, self._shop, self._profile, request))

    async def applied(self, customer_id: CustomerId, key: str) -> Applied | None:
        """See ``Shop``."""
        return await self._engine.look_up(lambda c: reads.find_applied(c, self._shop, customer_id, key))
