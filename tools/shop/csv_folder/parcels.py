"""Parcels, where they are, and the places they can wait at."""

from __future__ import annotations

from collections.abc import Mapping

from tools.shop.csv_folder.form import EventCells, LineCells, OrderCells, PointCells, ShipmentCells, ShopCells
from tools.shop.csv_folder.sheet import Problems, Sheet
from tools.shop.models import LineId, PickupPoint, Shipment, TrackingEvent


def build_pickup_points(sheet: Sheet[PointCells], shop: ShopCells) -> dict[str, PickupPoint]:
    """Pickup points by id."""
    return {
        row.id: PickupPoint(row.id, row.name, row.address(shop.country), row.hours, row.keeps_days)
        for row in sheet.rows.values()
    }


def build_shipments(
    sheet: Sheet[ShipmentCells],
    events: Sheet[EventCells],
    orders: Sheet[OrderCells],
    lines: Sheet[LineCells],
    points: Mapping[str, PickupPoint],
    point_ids: frozenset[str],
    problems: Problems,
) -> dict[str, tuple[Shipment, ...]]:
    """The parcels of each order, by its number. One that names no contents carries the whole order."""
    scans = _build_events(events, sheet, problems)
    units = _count_units(lines)
    spoiled = {cells.get("order_number", "") for cells in lines.bad}
    parcels: dict[str, tuple[Shipment, ...]] = {}
    for at, row in sheet.rows.items():
        if row.order_number not in orders.ids:
            problems.add(sheet.file, at, "order_number", f"there is no order '{row.order_number}'")
        if row.pickup_point_id and row.pickup_point_id not in point_ids:
            problems.add(sheet.file, at, "pickup_point_id", f"there is no pickup point '{row.pickup_point_id}'")
        own = units.get(row.order_number, {})
        contents = {LineId(line): count for line, count in (row.contents or own).items() if count}
        for line_id, count in contents.items():
            if count > own.get(line_id, 0) and row.order_number not in spoiled:
                problems.add(sheet.file, at, "contents", f"line '{line_id}' of the order has no {count} units")
        parcel = _build_shipment(row, contents, points.get(row.pickup_point_id or ""), scans.get(row.id, ()))
        parcels[row.order_number] = (*parcels.get(row.order_number, ()), parcel)
    return parcels


def _build_shipment(
    row: ShipmentCells, contents: dict[LineId, int], point: PickupPoint | None, events: tuple[TrackingEvent, ...]
) -> Shipment:
    return Shipment(
        id=row.id,
        contents=contents,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        status=row.status,
        tracking_url=row.tracking_url,
        shipped_at=row.shipped_at,
        eta=row.eta,
        promised_by=row.promised_by,
        delivered_at=row.delivered_at,
        pickup_point=point,
        pickup_until=row.pickup_until,
        attempts=row.attempts,
        events=events,
    )


def _build_events(
    sheet: Sheet[EventCells], shipments: Sheet[ShipmentCells], problems: Problems
) -> dict[str, tuple[TrackingEvent, ...]]:
    scans: dict[str, list[TrackingEvent]] = {}
    for at, row in sheet.rows.items():
        if row.shipment_id not in shipments.ids:
            problems.add(sheet.file, at, "shipment_id", f"there is no shipment '{row.shipment_id}'")
        event = TrackingEvent(row.at, row.status, row.detail, row.message, row.city, row.region, row.country)
        scans.setdefault(row.shipment_id, []).append(event)
    return {shipment: tuple(sorted(found, key=lambda event: event.at)) for shipment, found in scans.items()}


def _count_units(lines: Sheet[LineCells]) -> dict[str, dict[str, int]]:
    """Units that were not cancelled, by order and line; a line without an id has its place in the order as one."""
    units: dict[str, dict[str, int]] = {}
    for row in lines.rows.values():
        own = units.setdefault(row.order_number, {})
        own[row.id or str(len(own) + 1)] = row.quantity - row.cancelled
    return units
