"""Parcels and their scans: from the warehouse over the cities on the way to the last thing the carrier said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tools.shop.demo.order_sheet import Fate, ParcelSheet
from tools.shop.demo.sale import Sale
from tools.shop.models import Shipment, ShipmentStatus, TrackingEvent

ANNOUNCED_BEFORE = timedelta(hours=3)
ON_THE_VAN = timedelta(hours=4)
EVENING = time(21)
STATUS = {
    "announced": ShipmentStatus.PRE_TRANSIT,
    "collected": ShipmentStatus.IN_TRANSIT,
    "hub": ShipmentStatus.IN_TRANSIT,
    "out": ShipmentStatus.OUT_FOR_DELIVERY,
    "available": ShipmentStatus.AVAILABLE_FOR_PICKUP,
    "delivered": ShipmentStatus.DELIVERED,
    "left_at_door": ShipmentStatus.DELIVERED,
    "attempt_failed": ShipmentStatus.EXCEPTION,
    "delayed": ShipmentStatus.EXCEPTION,
    "address_problem": ShipmentStatus.EXCEPTION,
    "lost": ShipmentStatus.LOST,
    "returned": ShipmentStatus.RETURN_TO_SENDER,
}
FROM_THE_VAN = frozenset({Fate.DELIVERED, Fate.LEFT_AT_DOOR, Fate.ATTEMPT_FAILED})


@dataclass(frozen=True, slots=True)
class Scan:
    """What was scanned (a key of the messages), where (``City, Region``) and when."""

    name: str
    place: str
    at: datetime


def make_shipments(sale: Sale) -> tuple[Shipment, ...]:
    """Every parcel of an order."""
    return tuple(_make_shipment(sale, sheet, index) for index, sheet in enumerate(sale.sheet.parcels, start=1))


def make_tracking_number(sale: Sale, index: int) -> str:
    """A number in the carrier's form, always the same for the same parcel."""
    return sale.carrier.code.format(digits=str((int(sale.sheet.number) * 104_729 + index * 7_919) % 10**9).zfill(9))


def promise(sale: Sale) -> datetime:
    """The last evening promised at checkout: handling and the longest delivery time from the day it was placed."""
    days = sale.figures.count("handling_days") + sale.figures.count(f"{sale.sheet.service}_days_max")
    placed = sale.clock.at(sale.sheet.placed).astimezone(sale.clock.shop)
    return sale.clock.on(placed.date() + timedelta(days=days), EVENING)


def _make_shipment(sale: Sale, sheet: ParcelSheet, index: int) -> Shipment:
    last = sale.clock.at(sheet.last)
    number = make_tracking_number(sale, index)
    promised = promise(sale)
    status = STATUS[sheet.fate]
    waiting = status is ShipmentStatus.AVAILABLE_FOR_PICKUP
    return Shipment(
        id=f"{sale.sheet.number}-P{index}",
        contents=sale.units(sheet.contents or sale.sheet.lines),
        carrier=sale.carrier.name,
        tracking_number=number,
        tracking_url=f"/tracking/{number}",
        status=status,
        shipped_at=sale.clock.at(sheet.shipped) if sheet.shipped else None,
        eta=sale.clock.at(sheet.eta) if sheet.eta else promised,
        promised_by=promised,
        delivered_at=last if status is ShipmentStatus.DELIVERED else None,
        pickup_point=sale.pickup_point,
        pickup_until=_keep_until(sale, last) if waiting else None,
        attempts=1 if sheet.fate is Fate.ATTEMPT_FAILED else 0,
        events=tuple(_make_event(sale, scan) for scan in _list_scans(sale, sheet)),
    )


def _keep_until(sale: Sale, arrived: datetime) -> datetime:
    day = arrived.astimezone(sale.clock.shop).date() + timedelta(days=sale.figures.count("pickup_keeps_days"))
    return sale.clock.on(day, EVENING)


def _list_scans(sale: Sale, sheet: ParcelSheet) -> Sequence[Scan]:
    """Oldest first. Scans between collection and the last one are spread evenly over the cities of the route."""
    warehouse = f"{sale.market.warehouse.city}, {sale.market.warehouse.region}"
    last = sale.clock.at(sheet.last)
    if sheet.shipped is None:
        return (Scan("announced", warehouse, last),)
    shipped = sale.clock.at(sheet.shipped)
    start = (Scan("announced", warehouse, shipped - ANNOUNCED_BEFORE), Scan("collected", warehouse, shipped))
    cities = list(sale.buyer.route)
    if sheet.fate is Fate.HUB:
        return (*start, *_spread("hub", cities[:-1] or cities, shipped, last, reach_end=True))
    end = Scan(sheet.fate.value, cities[-1], last)
    if sheet.fate in FROM_THE_VAN:
        van = Scan("out", cities[-1], last - ON_THE_VAN)
        return (*start, *_spread("hub", cities, shipped, van.at), van, end)
    return (*start, *_spread("hub", cities, shipped, last), end)


def _spread(
    name: str, cities: Sequence[str], start: datetime, end: datetime, reach_end: bool = False
) -> Iterator[Scan]:
    """One scan a city, evenly between the two moments; the last one at ``end`` itself when it is to be reached."""
    parts = len(cities) if reach_end else len(cities) + 1
    for part, city in enumerate(cities, start=1):
        at = start + (end - start) * part / parts
        yield Scan(name, city, at.replace(second=0, microsecond=0))


def _make_event(sale: Sale, scan: Scan) -> TrackingEvent:
    status = STATUS[scan.name]
    city, _, region = scan.place.partition(", ")
    return TrackingEvent(
        at=scan.at,
        status=status,
        detail=scan.name if status is ShipmentStatus.EXCEPTION else "",
        message=sale.messages[scan.name][sale.market.language],
        city=city,
        region=region,
        country=sale.country,
    )
