"""The shop's name and zone, the countries it sells in, and the carriers there."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

from tools.shop.data import SlotPlan
from tools.shop.demo.figures import DemoFigures
from tools.shop.demo.sheet import FOLDER, Sheet, read_sheet


class PlaceSheet(Sheet):
    """A city as a scan names it."""

    city: str
    region: str


class CarrierSheet(Sheet):
    """A carrier. ``code`` is the form of its tracking numbers, with ``{digits}`` in it."""

    name: str
    code: str


class MarketSheet(Sheet):
    """A country the shop sells in. ``language`` is the one its carriers write in, ``zone`` an IANA name."""

    currency: str
    language: str
    zone: str
    warehouse: PlaceSheet
    standard: CarrierSheet
    express: CarrierSheet


class ShopSheet(Sheet):
    """``markets.yaml``. ``messages`` holds the text of each scan by language."""

    name: str
    zone: str
    markets: dict[str, MarketSheet]
    messages: dict[str, dict[str, str]]

    @property
    def shop_zone(self) -> ZoneInfo:
        """The zone in which the shop counts days."""
        return ZoneInfo(self.zone)


@cache
def read_shop() -> ShopSheet:
    """``markets.yaml`` as a whole."""
    return read_sheet(FOLDER / "markets.yaml", ShopSheet)


def plan_slots(market: MarketSheet, figures: DemoFigures) -> SlotPlan:
    """The delivery windows on offer in a market."""
    return SlotPlan(zone=market.zone, fee=figures.money("slot_fee"))
