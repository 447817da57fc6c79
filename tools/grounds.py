"""What a verdict stands on: the order, its owner and the products concerned, read from the shop as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tools.policy.port import Policy
from tools.policy.verdict import Verdict
from tools.shop.changes import Change, ChangeItems, ChangeProfileAddress, ExchangeItems, OpenClaim, ReturnItems
from tools.shop.models import Customer, CustomerId, LineId, Order, Product, ProductId
from tools.shop.port import Shop


@dataclass(frozen=True, slots=True)
class Grounds:
    """One consistent-enough reading; ``version`` is what a write decided on it has to name."""

    customer: Customer
    order: Order | None
    products: Mapping[ProductId, Product]

    @property
    def version(self) -> int:
        """The order's version; the customer's where no order is concerned."""
        return self.customer.version if self.order is None else self.order.version

    def line_title(self, line_id: str) -> str:
        """The title under which that line was sold, or the id when the order has no such line."""
        line = self.order.line(line_id) if self.order else None
        return line.title if line else line_id


class NotFound(Exception):
    """The customer has no such order, or there is no such customer."""


async def read_grounds(change: Change, customer_id: CustomerId, shop: Shop) -> Grounds:
    """Read what judging ``change`` needs. Raises ``NotFound``, ``ShopUnavailable``."""
    customer = await shop.customer(customer_id)
    if customer is None:
        raise NotFound(customer_id)
    if isinstance(change, ChangeProfileAddress):
        return Grounds(customer, None, {})
    order = await shop.order_of(customer_id, change.number)
    if order is None:
        raise NotFound(change.number)
    return Grounds(customer, order, await read_products(order, lines_of(change), shop))


async def read_products(order: Order, line_ids: Iterable[LineId], shop: Shop) -> dict[ProductId, Product]:
    """The products behind those lines of the order, as far as the shop still has them."""
    wanted = dict.fromkeys(line.product_id for key in line_ids if (line := order.line(key)))
    found = [await shop.product(product_id) for product_id in wanted]
    return {product.id: product for product in found if product}


def lines_of(change: Change) -> tuple[LineId, ...]:
    """The lines whose goods a change is about."""
    if isinstance(change, (ChangeItems, ExchangeItems)):
        return tuple(swap.line_id for swap in change.swaps)
    if isinstance(change, ReturnItems):
        return tuple(line.line_id for line in change.lines)
    if isinstance(change, OpenClaim):
        return tuple(change.lines)
    return ()


def judge(
    change: Change,
    grounds: Grounds,
    *,
    shop: Shop,
    policy: Policy,
    identity: int,
    now: datetime,
    granted: frozenset[str] = frozenset(),
) -> Verdict:
    """Policy's verdict on the change, on these grounds, for somebody of that identity level."""
    return policy.judge(
        change,
        order=grounds.order,
        customer=grounds.customer,
        products=grounds.products,
        capabilities=shop.capabilities,
        identity=identity,
        now=now,
        granted=granted,
    )
