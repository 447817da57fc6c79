"""Parcels tell a story that hangs together: scan after scan, in the country's language, up to the state they are in."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import yaml

from tools.shop.data import ShopData
from tools.shop.demo import orders_in_state
from tools.shop.models import Shipment, ShipmentStatus

MESSAGES = yaml.safe_load((Path(__file__).parents[4] / "tools/shop/demo/markets.yaml").read_text(encoding="utf-8"))[
    "messages"
]
OVERDUE = ("late", "stuck", "lost", "returned_to_sender", "waiting_at_pickup")
LANGUAGES = {"MX": "es", "AR": "es", "CO": "es", "ES": "es", "BR": "pt", "US": "en"}


def _parcels(shop: ShopData) -> list[Shipment]:
    return [parcel for order in shop.orders for parcel in order.shipments]


def test_the_last_scan_is_the_state_the_parcel_is_in(shop: ShopData) -> None:
    assert all(parcel.events[-1].status is parcel.status for parcel in _parcels(shop))


def test_scans_follow_each_other_in_time(shop: ShopData) -> None:
    for parcel in _parcels(shop):
        assert all(earlier.at < later.at for earlier, later in pairwise(parcel.events)), parcel.id


def test_nothing_is_shipped_before_it_was_placed_or_delivered_before_it_was_shipped(shop: ShopData) -> None:
    for order in shop.orders:
        assert order.placed_at is not None
        for parcel in order.shipments:
            if parcel.status is ShipmentStatus.PRE_TRANSIT:
                assert parcel.shipped_at is None
                continue
            assert parcel.shipped_at is not None
            assert order.placed_at < parcel.events[0].at < parcel.shipped_at < parcel.events[-1].at, parcel.id
            if parcel.delivered_at:
                assert parcel.delivered_at == parcel.events[-1].at


def test_scans_speak_the_language_of_the_country_and_name_places_in_it(shop: ShopData) -> None:
    for parcel in _parcels(shop):
        for event in parcel.events:
            written = {message[LANGUAGES[event.country]] for message in MESSAGES.values()}
            assert event.message in written
            assert event.city
            assert event.region


def test_every_scan_has_a_text_in_each_language() -> None:
    assert all(set(texts) == {"es", "en", "pt"} for texts in MESSAGES.values())


def test_tracking_numbers_belong_to_one_parcel_and_are_in_its_link(shop: ShopData) -> None:
    numbers = [parcel.tracking_number for parcel in _parcels(shop)]
    assert len(set(numbers)) == len(numbers)
    for parcel in _parcels(shop):
        assert parcel.tracking_url == f"/tracking/{parcel.tracking_number}"


def test_each_country_has_carriers_of_its_own(shop: ShopData) -> None:
    carriers: dict[str, set[str]] = {}
    for order in shop.orders:
        carriers.setdefault(order.country, set()).update(parcel.carrier for parcel in order.shipments)
    named = [carrier for names in carriers.values() for carrier in names]
    assert len(named) == len(set(named)) >= 6


def test_only_parcels_that_have_gone_wrong_are_past_their_promise(shop: ShopData, now: datetime) -> None:
    wrong = {number for state in OVERDUE for number in orders_in_state(state)}
    late = {
        order.number
        for order in shop.orders
        for parcel in order.shipments
        if not parcel.delivered_at and parcel.promised_by and parcel.promised_by < now
    }
    assert late <= wrong
    assert {number for state in ("late", "stuck", "lost") for number in orders_in_state(state)} <= late
