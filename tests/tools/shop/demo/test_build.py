"""The shop is a function of the moment, and its files are read strictly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from pydantic import ValidationError

from tools.shop.data import ShopData
from tools.shop.demo import demo_shop
from tools.shop.demo.clock import DemoClock
from tools.shop.demo.order_sheet import OrderSheet
from tools.shop.demo.sheet import read_sheet

MEXICO, MADRID = ZoneInfo("America/Mexico_City"), ZoneInfo("Europe/Madrid")


def test_the_same_moment_gives_the_same_shop(shop: ShopData, now: datetime) -> None:
    assert demo_shop(now) == shop


def test_the_same_moment_written_in_another_zone_gives_the_same_shop(shop: ShopData, now: datetime) -> None:
    assert demo_shop(now.astimezone(MADRID)) == shop


def test_a_week_later_everything_is_a_week_later_and_nothing_else_is_different(shop: ShopData, now: datetime) -> None:
    later = demo_shop(now + timedelta(days=7))
    assert (later.customers, later.products) == (shop.customers, shop.products)
    for before, after in zip(shop.orders, later.orders, strict=True):
        assert before.placed_at is not None
        assert after.placed_at == before.placed_at + timedelta(days=7)
        assert (after.number, after.total, after.status) == (before.number, before.total, before.status)


def test_orders_stand_oldest_first_and_were_placed_under_the_policy_in_force(shop: ShopData) -> None:
    placed = [order.placed_at for order in shop.orders if order.placed_at]
    assert placed == sorted(placed)
    assert len(placed) == len(shop.orders)
    assert placed[0].date() > date(2026, 3, 1)


def test_order_numbers_have_five_digits_and_belong_to_one_order(shop: ShopData) -> None:
    numbers = [order.number for order in shop.orders]
    assert len(set(numbers)) == len(numbers)
    assert all(number.isdigit() and len(number) == 5 for number in numbers)


def test_every_time_in_the_shop_is_aware(shop: ShopData) -> None:
    times = [event.at for order in shop.orders for parcel in order.shipments for event in parcel.events]
    assert times
    assert all(at.tzinfo is not None for at in times)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        demo_shop(datetime(2026, 11, 24))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("-1d 13:22", datetime(2026, 11, 22, 12, 22, tzinfo=UTC)),
        ("+2d 20:00", datetime(2026, 11, 25, 19, 0, tzinfo=UTC)),
        ("-3h", datetime(2026, 11, 24, 2, 30, tzinfo=UTC)),
        ("-40m", datetime(2026, 11, 24, 4, 50, tzinfo=UTC)),
    ],
)
def test_days_are_the_shops_and_clock_times_the_markets(written: str, expected: datetime) -> None:
    late_evening_in_mexico = datetime(2026, 11, 24, 5, 30, 41, tzinfo=UTC)
    assert DemoClock(late_evening_in_mexico, MEXICO, MADRID).at(written) == expected


GOOD = {"number": "10001", "state": "x", "customer": "c", "placed": "-1d 10:00", "lines": {"vapor": 1}}


@pytest.mark.parametrize(
    "defect",
    [
        {"placed": "yesterday"},
        {"lines": {"vapor": 0}},
        {"lines": None},
        {"discount": 19.9},
        {"number": "1"},
        {"servise": "express"},
    ],
    ids=str,
)
def test_a_defect_in_an_order_is_refused(defect: dict[str, object]) -> None:
    assert OrderSheet.model_validate(GOOD)
    with pytest.raises(ValidationError):
        OrderSheet.model_validate(GOOD | defect)


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("a: 1\nb: 2\na: 3\n", encoding="utf-8")
    with pytest.raises(yaml.YAMLError, match="'a' is written twice"):
        read_sheet(file, dict[str, int])
