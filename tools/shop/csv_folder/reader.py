"""From the folder to a shop, or to a list of everything that is wrong with the folder."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from tools.shop.changes import ChangeKind
from tools.shop.csv_folder.cells import Habits
from tools.shop.csv_folder.form import (
    CustomerCells,
    EventCells,
    LineCells,
    MethodCells,
    OrderCells,
    PointCells,
    ProductCells,
    ShipmentCells,
    ShopCells,
    VariantCells,
    WindowCells,
)
from tools.shop.csv_folder.goods import build_products
from tools.shop.csv_folder.orders import Desk, build_orders
from tools.shop.csv_folder.parcels import build_pickup_points, build_shipments
from tools.shop.csv_folder.people import add_methods, build_customers
from tools.shop.csv_folder.sheet import Problems, read_sheet
from tools.shop.csv_folder.windows import build_slot_plan
from tools.shop.data import ImportRefused, ShopData


def import_csv(folder: Path) -> ShopData:
    """The shop in that folder.

    Delivery windows and pickup points can be chosen when the folder has them. Raises ``ImportRefused`` with every
    problem found: file, line, column and reason.
    """
    if not folder.is_dir():
        raise ImportRefused((f"{folder}: there is no such folder",))
    problems = Problems()
    shop = _read_shop(folder, problems)
    if shop is None:
        raise ImportRefused(tuple(problems.lines))
    data = _read_folder(folder, shop, problems)
    if problems.lines:
        raise ImportRefused(tuple(problems.lines))
    return data


def _read_shop(folder: Path, problems: Problems) -> ShopCells | None:
    sheet = read_sheet(folder / "shop.csv", ShopCells, problems, None)
    if len(sheet.rows) != 1 and not problems.lines:
        problems.add(sheet.file, 2, "row", f"one row is wanted, there are {len(sheet.rows)}")
    return None if problems.lines else next(iter(sheet.rows.values()))


def _read_folder(folder: Path, shop: ShopCells, problems: Problems) -> ShopData:
    habits = Habits(ZoneInfo(shop.zone), shop.dates == "mdy")
    people = read_sheet(folder / "customers.csv", CustomerCells, problems, habits, id_column="id")
    methods = read_sheet(folder / "payment_methods.csv", MethodCells, problems, habits, required=False)
    goods = read_sheet(folder / "products.csv", ProductCells, problems, habits, id_column="id")
    variants = read_sheet(folder / "variants.csv", VariantCells, problems, habits, id_column="id")
    orders = read_sheet(folder / "orders.csv", OrderCells, problems, habits, id_column="number")
    lines = read_sheet(folder / "order_lines.csv", LineCells, problems, habits)
    parcels = read_sheet(folder / "shipments.csv", ShipmentCells, problems, habits, id_column="id", required=False)
    events = read_sheet(folder / "tracking_events.csv", EventCells, problems, habits, required=False)
    places = read_sheet(folder / "pickup_points.csv", PointCells, problems, habits, id_column="id", required=False)
    windows = read_sheet(folder / "slots.csv", WindowCells, problems, habits, required=False)

    customers = build_customers(people, shop)
    add_methods(customers, people.ids, methods, shop, problems)
    products = build_products(goods, variants, shop, problems)
    points = build_pickup_points(places, shop)
    shipments = build_shipments(parcels, events, orders, lines, points, places.ids, problems)
    desk = Desk(shop, customers, people.ids, products, variants.ids, problems)
    found = build_orders(desk, orders, lines, shipments)
    plan = build_slot_plan(windows, shop, problems)
    missing = {ChangeKind.SLOT: not plan, ChangeKind.PICKUP: not points}
    return ShopData(
        name=shop.name,
        zone=shop.zone,
        customers=tuple(desk.customers.values()),
        products=tuple(products.values()),
        orders=tuple(sorted(found, key=lambda order: order.placed_at.timestamp() if order.placed_at else 0)),
        pickup_points=tuple(points.values()),
        slot_plan=plan,
        capabilities=frozenset(kind for kind in ChangeKind if not missing.get(kind)),
    )
