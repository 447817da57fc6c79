"""Delivery windows, by country."""

from __future__ import annotations

from itertools import pairwise

from tools.shop.csv_folder.form import ShopCells, WindowCells
from tools.shop.csv_folder.sheet import Problems, Sheet
from tools.shop.data import SlotPlan
from tools.shop.money import Money


def build_slot_plan(sheet: Sheet[WindowCells], shop: ShopCells, problems: Problems) -> dict[str, SlotPlan]:
    """The windows of each country, earliest first, at the fee of the country's first row."""
    of_country: dict[str, list[tuple[int, WindowCells]]] = {}
    for at, row in sheet.rows.items():
        if row.end <= row.start:
            problems.add(sheet.file, at, "end", f"{row.end:%H:%M} is not after {row.start:%H:%M}")
        of_country.setdefault(row.country or shop.country, []).append((at, row))
    for rows in of_country.values():
        for (_, one), (at, other) in pairwise(sorted(rows, key=lambda row: row[1].start)):
            if one.start.hour == other.start.hour:
                problems.add(sheet.file, at, "start", "another window of the country starts in the same hour")
    return {country: _build_plan([row for _, row in rows], shop) for country, rows in of_country.items()}


def _build_plan(rows: list[WindowCells], shop: ShopCells) -> SlotPlan:
    first = rows[0]
    return SlotPlan(
        zone=first.zone or shop.zone,
        fee=Money.of(first.fee, first.currency or shop.currency),
        windows=tuple(sorted((row.start, row.end) for row in rows)),
    )
