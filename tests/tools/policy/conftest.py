"""A small shop in which one order can be put into any state and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tools.policy.engine import YamlPolicy
from tools.policy.loader import load_policy
from tools.policy.verdict import Verdict
from tools.shop.changes import Change, ChangeKind
from tools.shop.models import (
    Address,
    Customer,
    CustomerId,
    LineId,
    Order,
    OrderLine,
    OrderNumber,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentMethodId,
    Product,
    ProductId,
    Shipment,
    ShipmentStatus,
    Variant,
    VariantId,
)
from tools.shop.money import Money

POLICIES = Path(__file__).parents[3] / "tools" / "policy"
NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
HOME = Address("Calle Luna 4", "Guadalajara", "Jalisco", "44100", "MX")


def pesos(amount: str) -> Money:
    return Money.of(amount, "MXN")


def product(name: str, price: str, category: str) -> Product:
    """Variants a (bought), b (five left, dearer by 100) and c (sold out)."""
    dearer = str(Decimal(price) + 100)
    rows = (("a", price, 9), ("b", dearer, 5), ("c", price, 0))
    variants = tuple(Variant(VariantId(f"{name}-{v}"), ProductId(name), {"size": v}, pesos(p), s) for v, p, s in rows)
    return Product(ProductId(name), name, category, variants)


PRODUCTS = {
    item.id: item
    for item in (
        product("shoes", "1500.00", "footwear"),
        product("shirt", "400.00", "clothing"),
        product("phone", "9000.00", "electronics"),
        product("earrings", "250.00", "jewellery"),
        product("bag", "600.00", "bags"),
    )
}


def line(number: str, name: str, quantity: int = 1, **more: Any) -> OrderLine:
    goods = PRODUCTS[ProductId(name)]
    first = goods.variants[0]
    return OrderLine(
        LineId(number), goods.id, first.id, name, first.options, quantity, first.price, goods.category, **more
    )


LINES = (
    line("1", "shoes"),
    line("2", "shirt", 3),
    line("3", "phone"),
    line("4", "earrings", hygiene=True),
    line("5", "bag", final_sale=True),
)
METHODS = (
    PaymentMethod(PaymentMethodId("card"), PaymentKind.CARD),
    PaymentMethod(PaymentMethodId("paypal"), PaymentKind.PAYPAL),
    PaymentMethod(PaymentMethodId("gift"), PaymentKind.GIFT_CARD, balance=pesos("50.00")),
)
CUSTOMER = Customer(CustomerId("ana"), "Ana", "Paz", "ana@mail.com", "+523312345678", "es", HOME, METHODS)
TOTAL = pesos("12649.00")
ORDER = Order(
    number=OrderNumber("10001"),
    customer_id=CUSTOMER.id,
    status=OrderStatus.PROCESSING,
    currency="MXN",
    country="MX",
    lines=LINES,
    address=HOME,
    total=TOTAL,
    shipping_cost=pesos("99.00"),
    discount=pesos("0"),
    placed_at=NOW - timedelta(days=40),
    payments=(Payment("payment", PaymentMethodId("card"), TOTAL, NOW - timedelta(days=40)),),
)


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """The shop around the order under test."""

    policies: Mapping[str, YamlPolicy]
    order: Order = ORDER
    customer: Customer = CUSTOMER
    products: Mapping[ProductId, Product] = field(default_factory=lambda: PRODUCTS)
    now: datetime = NOW

    def __repr__(self) -> str:
        return "World()"

    @property
    def demo(self) -> YamlPolicy:
        return self.policies["demo"]

    def parcel(self, status: ShipmentStatus, *lines: str, **more: Any) -> Shipment:
        """A parcel with those lines (all of them when none is named)."""
        contents = {item.id: item.quantity for item in LINES if not lines or item.id in lines}
        return Shipment("p" + "".join(lines), contents, "Colibrí", "CLB1", status, **more)

    def delivered(self, at: datetime, **more: Any) -> Order:
        """The order, delivered whole at that instant."""
        parcel = self.parcel(ShipmentStatus.DELIVERED, delivered_at=at)
        return replace(self.order, **{"status": OrderStatus.DELIVERED, "shipments": (parcel,), **more})

    def delivered_days_ago(self, days: int, **more: Any) -> Order:
        return self.delivered(self.now - timedelta(days=days), **more)

    def shipped(self, status: ShipmentStatus, **more: Any) -> Order:
        """The order on its way, in one parcel in that state."""
        return replace(self.order, status=OrderStatus.SHIPPED, shipments=(self.parcel(status, **more),))

    def judge(
        self,
        change: Change,
        order: Order | None,
        *,
        policy: YamlPolicy | str = "demo",
        capabilities: frozenset[ChangeKind] = frozenset(ChangeKind),
        identity: int = 2,
        now: datetime | None = None,
    ) -> Verdict:
        rules = self.policies[policy] if isinstance(policy, str) else policy
        return rules.judge(
            change,
            order=order,
            customer=self.customer,
            products=self.products,
            capabilities=capabilities,
            identity=identity,
            now=now or self.now,
        )


@pytest.fixture(scope="session")
def world() -> World:
    return World({name: load_policy(POLICIES / name) for name in ("demo", "tau_retail")})
