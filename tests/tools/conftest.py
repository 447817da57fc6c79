from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from tenacity import wait_none

from evals.tau_replay import AllAttempts, NoCodes, NoKnowledge
from tools.policy.engine import YamlPolicy
from tools.policy.loader import load_policy
from tools.retrying import Retry
from tools.scope import Identity, Scope
from tools.shop.data import ShopData
from tools.shop.demo import demo_shop
from tools.shop.models import Order
from tools.shop.port import Shop
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
POLICY = Path(__file__).parents[2] / "tools" / "policy" / "demo"


@cache
def demo_data() -> ShopData:
    return demo_shop(NOW)


@cache
def demo_policy() -> YamlPolicy:
    return load_policy(POLICY)


@pytest.fixture
def policy() -> YamlPolicy:
    return demo_policy()


@pytest.fixture
def data() -> ShopData:
    return demo_data()


@pytest.fixture
async def shop() -> AsyncIterator[SqlShop]:
    engine = create_shop_engine("sqlite://")
    await create_tables(engine)
    loaded = SqlShop(engine, "demo")
    await loaded.load(demo_data())
    yield loaded
    await engine.dispose()


@pytest.fixture
def retry() -> Retry:
    async def no_sleep(_: float) -> None:
        return None

    return Retry(attempts=3, timeout=5.0, wait=wait_none(), sleep=no_sleep)


MakeScope = Callable[..., Scope]


@pytest.fixture
def make_scope(shop: SqlShop, policy: YamlPolicy) -> MakeScope:
    numbers = count(1)

    def make(identity: Identity | None = None, *, over: Shop | None = None, now: datetime = NOW) -> Scope:
        return Scope(
            shop=over or shop,
            policy=policy,
            knowledge=NoKnowledge(),
            codes=NoCodes(),
            attempts=AllAttempts(),
            now=now,
            language="es",
            new_id=lambda prefix: f"{prefix}_{next(numbers)}",
            identity=identity or Identity(),
        )

    return make


@pytest.fixture
def order_named(data: ShopData) -> Callable[[str], Order]:
    return lambda number: next(order for order in data.orders if order.number == number)
