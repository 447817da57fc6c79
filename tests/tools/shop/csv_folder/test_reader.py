from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tools.shop.changes import ChangeKind
from tools.shop.csv_folder import import_csv
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
from tools.shop.data import ImportRefused
from tools.shop.models import OrderStatus, PaymentKind, ShipmentStatus
from tools.shop.money import Money

DOCUMENT = Path(__file__).parents[4] / "docs" / "shop-csv.md"
EXAMPLE = re.compile(r"^`(\w+\.csv)`[^\n]*\n\n```csv\n(.*?)```", re.MULTILINE | re.DOTALL)
PLACE = {"line1", "line2", "city", "region", "postal_code", "country", "recipient"}
FORMS = {
    "shop.csv": ShopCells,
    "customers.csv": CustomerCells,
    "payment_methods.csv": MethodCells,
    "products.csv": ProductCells,
    "variants.csv": VariantCells,
    "orders.csv": OrderCells,
    "order_lines.csv": LineCells,
    "shipments.csv": ShipmentCells,
    "tracking_events.csv": EventCells,
    "pickup_points.csv": PointCells,
    "slots.csv": WindowCells,
}


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    """The example of the documentation."""
    for name, text in EXAMPLE.findall(DOCUMENT.read_text(encoding="utf-8")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def refuse(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ImportRefused) as refused:
        import_csv(folder)
    return refused.value.problems


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, (name, old)
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_the_documented_bakery_is_read_as_documented(bakery: Path) -> None:
    data = import_csv(bakery)
    delivered, shipped, open_order = data.orders
    assert [order.status for order in data.orders] == [
        OrderStatus.DELIVERED,
        OrderStatus.SHIPPED,
        OrderStatus.PROCESSING,
    ]
    assert delivered.total == Money.of("12.50", "EUR")
    assert shipped.placed_at == datetime(2026, 11, 20, 17, 5, tzinfo=UTC)
    assert shipped.shipments[0].contents == {"1": 1, "2": 1}
    assert shipped.shipments[0].status is ShipmentStatus.IN_TRANSIT
    assert shipped.shipments[0].promised_by == datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)
    assert open_order.lines[0].unit_price == Money.of("6.90", "EUR")
    assert data.customers[0].method(delivered.paid_with).kind is PaymentKind.CARD
    assert data.products[0].hygiene is True
    assert data.products[0].variants[1].options == {"tamaño": "grande"}
    assert not data.capabilities & {ChangeKind.SLOT, ChangeKind.PICKUP}


def test_every_file_and_column_is_documented() -> None:
    rows = dict(re.findall(r"^\| `(\w+\.csv)`[^|]*\| (.*) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    assert rows.keys() == FORMS.keys()
    for name, form in FORMS.items():
        words = set(re.findall(r"\w+", rows[name])) | (PLACE if "an address" in rows[name] else set())
        assert form.model_fields.keys() <= words, name
        assert set(re.findall(r"\*\*(\w+)\*\*", rows[name])) == {
            n for n, f in form.model_fields.items() if f.is_required()
        }


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t")])
def test_a_spreadsheets_own_encoding_and_separator_are_read(bakery: Path, encoding: str, separator: str) -> None:
    expected = import_csv(bakery)
    for path in bakery.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text if ";" in text else text.replace(",", separator), encoding=encoding, newline="\r\n")
    assert import_csv(bakery) == expected


PROBLEMS = [
    ("orders.csv", "2026-11-12 09:30", "mañana", "orders.csv, line 2, placed_at: 'mañana' is not a date; write"),
    ("orders.csv", "entregado", "perdido", "orders.csv, line 2, status: 'perdido' is not one of unpaid, processing"),
    ("orders.csv", "1002,c1", "1002,c9", "orders.csv, line 3, customer_id: there is no customer 'c9'"),
    ("orders.csv", "1002,c1", "#10-01,c1", "orders.csv, line 3, number: '#10-01' reads the same as the one on line 2"),
    ("orders.csv", "1003,c2", ",c2", "orders.csv, line 4, number: is empty"),
    ("orders.csv", "0,efectivo", "0,", "orders.csv, line 4, paid_with: is empty although the order is processing"),
    ("orders.csv", "0,efectivo", "0,conchas", "orders.csv, line 4, paid_with: 'conchas' is neither a method"),
    ("orders.csv", "0,efectivo", "0,vale", "orders.csv, line 4, paid_with: 'vale' is neither a method"),
    ("orders.csv", "shipping_cost", "shiping_cost", "orders.csv, line 1, shiping_cost: is not a column here"),
    ("orders.csv", "number,", "", "orders.csv, line 1, number: is missing from the header"),
    ("orders.csv", "0,efectivo", "0,efectivo,x", "orders.csv, line 4, row: has 7 cells for 6 columns"),
    ("order_lines.csv", "pan-m,2", "pan-xl,2", "order_lines.csv, line 2, variant_id: there is no variant 'pan-xl'"),
    ("order_lines.csv", "pan-m,2", "pan-m,0", "order_lines.csv, line 2, quantity: Input should be greater than"),
    ("order_lines.csv", "1003,pan-g,3\n", "", "orders.csv, line 4, number: order_lines.csv has no line for '1003'"),
    ("variants.csv", "4,50", "4,500,0", "variants.csv, line 2, price: '4,500,0' is not a clear number"),
    ("variants.csv", "4,50", "-4,50", "variants.csv, line 2, price: Input should be greater than or equal to 0"),
    ("variants.csv", "4,50", "9999999999999,00", "variants.csv, line 2, price: Input should be less than or equal"),
    ("variants.csv", ";30", ";99999999999999999999", "variants.csv, line 2, stock: Input should be less than or equal"),
    ("variants.csv", "mediano", "me\x00diano", "variants.csv, line 2, row: holds characters that are no text"),
    ("order_lines.csv", "pan-m,2", "pan-m,2000000000", "order_lines.csv, line 2, quantity: Input should be less than"),
    ("customers.csv", "ana@mail.com", "ana", "customers.csv, line 2, email: 'ana' is not an e-mail address"),
    ("variants.csv", "pan-g;pan", "pan-m;pan", "variants.csv, line 3, id: 'pan-m' stands on line 2 already"),
    ("variants.csv", "tamaño=grande", "grande", "variants.csv, line 3, options: 'grande' is not written name=value"),
    ("products.csv", "sí", "quizá", "products.csv, line 2, hygiene: 'quizá' is neither yes nor no"),
    ("shipments.csv", "s1,1001", "s1,1009", "shipments.csv, line 2, order_number: there is no order '1009'"),
    ("shop.csv", "Europe/Madrid", "Madrid", "shop.csv, line 2, zone: 'Madrid' is not a time zone such as"),
]


@pytest.mark.parametrize(("name", "old", "new", "problem"), PROBLEMS, ids=[row[3] for row in PROBLEMS])
def test_a_bad_cell_is_refused_with_its_place_and_reason(
    bakery: Path, name: str, old: str, new: str, problem: str
) -> None:
    edit(bakery, name, old, new)
    assert [found for found in refuse(bakery) if found.startswith(problem)], refuse(bakery)


def test_all_problems_are_listed_and_a_refused_row_is_not_also_a_missing_one(bakery: Path) -> None:
    edit(bakery, "customers.csv", "c2,Luis", "c2,")
    edit(bakery, "variants.csv", "24,00", "caro")
    edit(bakery, "order_lines.csv", "pan-m,2", "pan-m,dos")
    assert [problem.split(": ")[0] for problem in refuse(bakery)] == [
        "customers.csv, line 3, first_name",
        "variants.csv, line 4, price",
        "order_lines.csv, line 2, quantity",
    ]


def test_a_total_that_does_not_add_up_is_refused(bakery: Path) -> None:
    edit(bakery, "orders.csv", "paid_with\n", "paid_with,total\n")
    edit(bakery, "orders.csv", "0,efectivo", '0,efectivo,"20,00"')
    assert refuse(bakery) == ("orders.csv, line 4, total: is 20.00, but lines + shipping - discount are 20.70",)


@pytest.mark.parametrize("name", ["nowhere", "orders.csv"])
def test_what_is_no_folder_is_refused_as_such(bakery: Path, name: str) -> None:
    assert refuse(bakery / name) == (f"{bakery / name}: there is no such folder",)


def test_missing_files_are_refused_by_name(bakery: Path) -> None:
    (bakery / "orders.csv").unlink()
    (bakery / "products.csv").write_text("", encoding="utf-8")
    problems = refuse(bakery)
    assert "orders.csv, line 1, file: is missing from the folder" in problems
    assert "products.csv, line 1, file: has no header" in problems


def test_gift_cards_windows_and_pickup_points_are_read_when_there_are_any(bakery: Path) -> None:
    (bakery / "payment_methods.csv").write_text("customer_id,id,kind,balance\nc1,g1,vale,15\n", encoding="utf-8")
    (bakery / "slots.csv").write_text("start;end;fee\n16:00;19:00;2,50\n09:00;12:00;2,50\n", encoding="utf-8")
    (bakery / "pickup_points.csv").write_text(
        "id,name,line1,city,postal_code\np1,Kiosko,Sol 1,Madrid,28013\n", encoding="utf-8"
    )
    (bakery / "tracking_events.csv").write_text(
        "shipment_id,at,status,city\ns2,2026-11-22 10:00,en reparto,Madrid\ns2,2026-11-21 09:00,en tránsito,Toledo\n",
        encoding="utf-8",
    )
    edit(bakery, "orders.csv", "1001,c1,entregado,2026-11-12 09:30,3.50,tarjeta", "1001,c1,entregado,,3.50,g1")
    data = import_csv(bakery)
    assert data.customers[0].method("g1").balance == Money(Decimal("15.00"), "EUR")
    assert data.orders[0].paid_with == "g1"
    assert data.slot_plan["ES"].fee == Money.of("2.50", "EUR")
    assert [start.hour for start, _ in data.slot_plan["ES"].windows] == [9, 16]
    assert data.pickup_points[0].address.country == "ES"
    assert [event.city for event in data.orders[1].shipments[0].events] == ["Toledo", "Madrid"]
    assert data.capabilities == frozenset(ChangeKind)
