"""The demo: an embedded shop in every state a shopper asks about, with fixed keys, on loopback only."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from agent.app.selling import open_knowledge, open_policy, page_links
from agent.casework.front import Clock, ShopperClaims, Storefront
from agent.casework.ports import ApiKey
from agent.errors import Misconfigured
from agent.settings import Settings
from agent.store.keys import SqlKeyStore
from tools.shop.data import ShopData
from tools.shop.demo import demo_customers, demo_edition, demo_shop
from tools.shop.demo.catalogue import stock_shelf
from tools.shop.demo.markets import read_shop
from tools.shop.linked import LinkedShop
from tools.shop.models import Product
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

SHOP_ID = "demo"
POLICY = Path(__file__).parents[2] / "tools" / "policy" / "demo"
KEYS = {
    "sk_demo": ApiKey(SHOP_ID, "sk", "Demo back end", "", ()),
    "pk_demo": ApiKey(SHOP_ID, "pk", "Demo widget", "", ()),
    "dk_demo_agent": ApiKey(SHOP_ID, "dk", "Alma", "agent", ()),
    "dk_demo_lead": ApiKey(SHOP_ID, "dk", "Bruno", "lead", ()),
}
SECRET = "demo-shop-secret-for-loopback-only"


def require_loopback(host: str) -> None:
    """The demo's keys are public. Raises ``Misconfigured`` for any other address."""
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise Misconfigured(f"--host {host}: the demo has fixed keys and binds to loopback only")


@dataclass(frozen=True, slots=True)
class DemoStage:
    """Implements ``Stage`` of the HTTP API: the demo shop as evaluations see it and put it back."""

    shop: SqlShop
    clock: Clock

    async def everything(self) -> ShopData:
        """The whole shop as it is now."""
        return await self.shop.export_all()

    async def put_back(self) -> None:
        """As on the first start of a day."""
        await self.shop.load(demo_shop(self.clock()))


def clock_from(began: datetime, elapsed_s: Callable[[], float] = time.monotonic) -> Clock:
    """A clock that reads ``began`` now and goes on from there."""
    at = elapsed_s()
    return lambda: began + timedelta(seconds=elapsed_s() - at)


async def open_demo_shop(settings: Settings, clock: Clock, stack: AsyncExitStack) -> SqlShop:
    """The demo shop, its dates moved to today; loaded anew on the first start of a day, and when the demo changed."""
    engine = create_shop_engine(f"sqlite:///{settings.data_dir / 'demo-shop.db'}")
    stack.push_async_callback(engine.dispose)
    await create_tables(engine)
    edition = f"{clock().astimezone(open_policy(POLICY).zone).date()} {demo_edition()}"
    marker = settings.data_dir / "demo-edition"
    shop = await SqlShop.open(engine, SHOP_ID)
    if shop is None or not marker.exists() or marker.read_text() != edition:
        shop = SqlShop(engine, SHOP_ID)
        await shop.load(demo_shop(clock()))
        marker.write_text(edition)
    return shop


async def open_demo(settings: Settings, clock: Clock, stack: AsyncExitStack, shop: SqlShop | None = None) -> Storefront:
    """The demo's storefront, on that shop or on one opened for it."""
    shop = shop or await open_demo_shop(settings, clock, stack)
    policy = open_policy(POLICY)
    knowledge = await open_knowledge(settings, policy, clock, stack)
    links = page_links(settings, SHOP_ID, SECRET)
    page = settings.storefront_url or (f"{links.base}/" if links.base else "")
    return Storefront(SHOP_ID, read_shop().name, LinkedShop(shop, links), policy, knowledge, "es", page)


async def put_keys(keys: SqlKeyStore) -> None:
    """The fixed keys."""
    for key, holder in KEYS.items():
        await keys.put(key, holder)


def demo_shoppers() -> tuple[ShopperClaims, ...]:
    """Customers one may sign in as, the anchors of the demo first."""
    return tuple(ShopperClaims(one.id, one.email, one.name) for one in demo_customers())


@cache
def demo_goods(country: str) -> tuple[Product, ...]:
    """What the demo sells there."""
    return tuple(one for one in stock_shelf(read_shop()).products if one.id.endswith(f"-{country.lower()}"))


@cache
def home_of(customer_id: str) -> str:
    """The country a customer of the demo lives in; empty for a stranger."""
    return next((one.address.country for one in demo_customers() if one.id == customer_id), "")
