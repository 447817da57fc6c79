"""The demo shop is built once a day, and again when the demo itself changed."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.app.demo import SHOP_ID, DemoStage, clock_from, demo_shoppers, open_demo, open_demo_shop
from agent.settings import Settings
from tools.shop.demo import demo_shop
from tools.shop.models import CustomerId, Order
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
LUCIA = CustomerId("lucia-hernandez")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("demo"))


async def orders(settings: Settings, now: datetime) -> list[Order]:
    """Lucía's, after a start at that moment."""
    async with AsyncExitStack() as stack:
        front = await open_demo(settings, lambda: now, stack)
        assert front.name == demo_shop(now).name
        return list(await front.shop.orders_of(LUCIA))


async def lose_all_orders(settings: Settings) -> None:
    engine = create_shop_engine(f"sqlite:///{settings.data_dir / 'demo-shop.db'}")
    await create_tables(engine)
    await SqlShop(engine, SHOP_ID).load(replace(demo_shop(NOW), orders=()))
    await engine.dispose()


async def test_a_restart_on_the_same_day_finds_the_shop_as_it_was_left(settings: Settings) -> None:
    assert await orders(settings, NOW)
    await lose_all_orders(settings)
    assert await orders(settings, NOW + timedelta(hours=2)) == []


async def test_the_first_start_of_a_day_moves_its_dates(settings: Settings) -> None:
    before = (await orders(settings, NOW + timedelta(days=1)))[0]
    after = (await orders(settings, NOW + timedelta(days=2)))[0]
    assert before.number == after.number
    assert before.placed_at is not None
    assert after.placed_at is not None
    assert before.placed_at < after.placed_at


async def test_another_edition_of_the_demo_is_loaded_at_once(settings: Settings) -> None:
    await orders(settings, NOW)
    await lose_all_orders(settings)
    (settings.data_dir / "demo-edition").write_text("2026-11-24 before the sheets changed")
    assert await orders(settings, NOW)


def test_one_may_sign_in_as_the_customers_of_the_shop() -> None:
    assert [one.sub for one in demo_shoppers()] == [one.id for one in demo_shop(NOW).customers]
    assert demo_shoppers()[0].sub == LUCIA


async def test_evaluations_see_the_shop_and_put_it_back(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        shop = await open_demo_shop(settings, lambda: NOW, stack)
        stage = DemoStage(shop, lambda: NOW)
        await shop.load(replace(demo_shop(NOW), orders=()))
        assert (await stage.everything()).orders == ()
        await stage.put_back()
        assert len((await stage.everything()).orders) == len(demo_shop(NOW).orders)


def test_a_clock_goes_on_from_where_it_was_set() -> None:
    seconds = iter((100.0, 100.0, 160.0))
    clock = clock_from(NOW, lambda: next(seconds))
    assert (clock(), clock()) == (NOW, NOW + timedelta(minutes=1))
