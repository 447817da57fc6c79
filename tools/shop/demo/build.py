"""The demo shop as a whole."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from tools.shop.data import ShopData
from tools.shop.demo.catalogue import Shelf, stock_shelf
from tools.shop.demo.clock import DemoClock
from tools.shop.demo.customers import make_customer, make_pickup_points, read_customers
from tools.shop.demo.figures import FOLDER as POLICY
from tools.shop.demo.figures import DemoFigures, read_policy
from tools.shop.demo.markets import ShopSheet, plan_slots, read_shop
from tools.shop.demo.order_sheet import read_orders
from tools.shop.demo.orders import make_order
from tools.shop.demo.sale import Sale
from tools.shop.demo.sheet import FOLDER
from tools.shop.models import Customer, Order, PickupPoint

READ: Final = frozenset({".py", ".yaml"})


def demo_shop(now: datetime) -> ShopData:
    """Tienda Andén as it stands at that moment: the same moment gives the same shop, another one a shifted one.

    ``now`` has to be aware (``ValueError`` otherwise). Orders reach back 95 days from it.
    """
    if now.tzinfo is None:
        raise ValueError("the demo shop needs an aware moment")
    shop = read_shop()
    figures = {country: DemoFigures(read_policy(), country, now) for country in shop.markets}
    points = make_pickup_points(figures)
    shelf = stock_shelf(shop)
    return ShopData(
        name=shop.name,
        zone=shop.zone,
        customers=demo_customers(),
        products=shelf.products,
        orders=_make_orders(shop, shelf, points, now),
        pickup_points=points,
        slot_plan={country: plan_slots(market, figures[country]) for country, market in shop.markets.items()},
    )


def demo_customers() -> tuple[Customer, ...]:
    """The shoppers alone, whom no moment changes; the anchors of the demo first."""
    return tuple(make_customer(sheet, read_shop()) for sheet in read_customers())


def demo_edition() -> str:
    """Another one whenever the same moment would give another shop: the sheets, the policy or this code changed."""
    files = [file for folder in (FOLDER, POLICY) for file in sorted(folder.rglob("*")) if file.suffix in READ]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _make_orders(shop: ShopSheet, shelf: Shelf, points: tuple[PickupPoint, ...], now: datetime) -> tuple[Order, ...]:
    """Oldest first."""
    buyers = {sheet.id: sheet for sheet in read_customers()}
    orders = []
    for sheet in read_orders():
        buyer = buyers[sheet.customer]
        country = buyer.address.country
        market = shop.markets[country]
        clock = DemoClock(now, shop.shop_zone, ZoneInfo(market.zone))
        figures = DemoFigures(read_policy(), country, clock.at(sheet.placed))
        sale = Sale(
            sheet=sheet,
            customer=make_customer(buyer, shop),
            buyer=buyer,
            country=country,
            market=market,
            shelf=shelf,
            figures=figures,
            clock=clock,
            messages=shop.messages,
            pickup_points={point.id: point for point in points},
        )
        orders.append(make_order(sale, plan_slots(market, figures)))
    return tuple(sorted(orders, key=lambda order: order.placed_at or now))
