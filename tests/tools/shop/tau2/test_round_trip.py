from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.shop.data import ImportRefused
from tools.shop.models import OrderStatus
from tools.shop.sql import SqlShop, create_shop_engine, create_tables
from tools.shop.tau2 import export_tau2, import_tau2, write_tau2

DATA = Path(__file__).parents[5] / "shared" / "data" / "tau-retail"
Json = dict[str, Any]

SMALL: Json = {
    "products": {
        "p": {
            "name": "Mug",
            "product_id": "p",
            "variants": {
                "a": {"item_id": "a", "options": {"color": "red"}, "available": True, "price": 10.1},
                "b": {"item_id": "b", "options": {"color": "blue"}, "available": False, "price": 12.0},
            },
        }
    },
    "users": {
        "u": {
            "user_id": "u",
            "name": {"first_name": "Ann", "last_name": "Lee"},
            "address": {"address1": "1 Rd", "address2": "", "city": "X", "country": "USA", "state": "CO", "zip": "1"},
            "email": "a@example.com",
            "payment_methods": {"g": {"source": "gift_card", "id": "g", "balance": 7.25}},
            "orders": ["#W2", "#W1"],
        }
    },
    "orders": {
        number: {
            "order_id": number,
            "user_id": "u",
            "address": {"address1": "1 Rd", "address2": "", "city": "X", "country": "USA", "state": "CO", "zip": "1"},
            "items": [
                {"name": "Mug", "product_id": "p", "item_id": "a", "price": 10.1, "options": {"color": "red"}},
                {"name": "Mug", "product_id": "p", "item_id": "a", "price": 10.1, "options": {"color": "red"}},
            ],
            "status": "delivered",
            "fulfillments": [{"tracking_id": ["1"], "item_ids": ["a", "a"]}],
            "payment_history": [{"transaction_type": "payment", "amount": 20.2, "payment_method_id": "g"}],
        }
        for number in ("#W1", "#W2")
    },
}


def read(folder: Path, content: Json | str) -> Any:
    path = folder / "db.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return import_tau2(path)


AFTER_WRITES: list[Json] = [
    {"status": "cancelled", "cancel_reason": "ordered by mistake"},
    {"status": "pending (item modified)", "fulfillments": []},
    {"status": "return requested", "return_items": ["a"], "return_payment_method_id": "g"},
    {
        "status": "exchange requested",
        "exchange_items": ["a", "a"],
        "exchange_new_items": ["a", "b"],
        "exchange_payment_method_id": "g",
        "exchange_price_difference": -1.9,
    },
]


@pytest.mark.parametrize("fields", [{}, *AFTER_WRITES])
def test_what_is_imported_is_exported_again(tmp_path: Path, fields: Json) -> None:
    content = copy.deepcopy(SMALL)
    content["orders"]["#W1"] |= fields
    data = read(tmp_path, content)
    assert export_tau2(data) == content
    write_tau2(data, tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text(encoding="utf-8")) == content


def test_each_item_is_a_line_of_its_own_and_each_parcel_has_its_lines(tmp_path: Path) -> None:
    order = read(tmp_path, SMALL).orders[0]
    assert (order.number, order.status, order.placed_at) == ("#W2", OrderStatus.DELIVERED, None)
    assert [(line.id, line.quantity) for line in order.lines] == [("1", 1), ("2", 1)]
    assert order.shipments[0].contents == {"1": 1, "2": 1}


def edit(path: str, value: object) -> Callable[[Json], None]:
    def apply(content: Json) -> None:
        *parents, last = path.split("/")
        for key in parents:
            content = content[key]
        content[last] = value

    return apply


PROBLEMS = [
    (edit("orders/#W1/status", "lost"), "db.json: orders/#W1/status: Input should be 'pending'"),
    (edit("orders/#W1/coupon", "X"), "db.json: orders/#W1/coupon: Extra inputs are not permitted"),
    (edit("orders/#W1/user_id", "v"), "db.json: orders/#W1/user_id: v does not list this order"),
    (edit("orders/#W1/return_items", ["z"]), "db.json: orders/#W1/return_items: not in the order: z"),
    (edit("orders/#W1/order_id", "#W9"), "db.json: orders/#W1/order_id: is #W9"),
    (edit("users/u/orders", ["#W1", "#W2", "#W3"]), "db.json: users/u/orders: #W3 does not exist"),
    (edit("users/u/orders", ["#W1", "#W2", "#W1"]), "db.json: users: an order is listed twice"),
    (edit("users/u/email", 5), "db.json: users/u/email: Input should be a valid string"),
    (edit("products/p/variants/a/price", "dear"), "db.json: products/p/variants/a/price: Input should be a valid"),
    (edit("products/p/variants/a/item_id", "c"), "db.json: products/p/variants/a: is c"),
]


@pytest.mark.parametrize(("defect", "problem"), PROBLEMS, ids=[row[1] for row in PROBLEMS])
def test_a_defect_is_refused_with_its_place(tmp_path: Path, defect: Callable[[Json], None], problem: str) -> None:
    content = copy.deepcopy(SMALL)
    defect(content)
    with pytest.raises(ImportRefused) as refused:
        read(tmp_path, content)
    assert [line for line in refused.value.problems if line.startswith(problem)], refused.value.problems


def test_all_defects_are_listed(tmp_path: Path) -> None:
    content = copy.deepcopy(SMALL)
    content["orders"]["#W1"]["status"] = content["orders"]["#W2"]["status"] = "lost"
    del content["users"]["u"]["email"]
    with pytest.raises(ImportRefused) as refused:
        read(tmp_path, content)
    assert len(refused.value.problems) == 3


def test_what_is_no_file_or_no_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused):
        import_tau2(tmp_path / "absent.json")
    with pytest.raises(ImportRefused):
        read(tmp_path, '{"products": {')


@pytest.fixture(scope="module")
def original() -> Json:
    if not DATA.is_dir() and os.environ.get("CI") != "true":
        pytest.skip("the public tau-retail data is not beside the checkout (../shared/data/tau-retail)")
    database: Json = json.loads((DATA / "db.json").read_text(encoding="utf-8"))
    return database


async def test_the_public_database_goes_through_sql_and_comes_out_row_for_row(original: Json, tmp_path: Path) -> None:
    engine = create_shop_engine(f"sqlite:///{tmp_path / 'tau.db'}")
    await create_tables(engine)
    shop = SqlShop(engine, "tau")
    await shop.load(import_tau2(DATA / "db.json"))
    exported = export_tau2(await shop.export_all())
    await engine.dispose()
    for table, rows in original.items():
        assert exported[table] == rows
    assert exported.keys() == original.keys()


def test_every_end_state_of_the_benchmark_goes_in_and_comes_out(original: Json, tmp_path: Path) -> None:
    """Rows as they stand after writes are rows like any other."""
    golden = json.loads((DATA / "golden_end_states_corrected.json").read_text(encoding="utf-8"))
    database = copy.deepcopy(original)
    for state in golden.values():
        for table, rows in state.items():
            for key, fields in rows.items():
                database[table][key] = _in_cents(original[table][key] | fields)
    assert export_tau2(read(tmp_path, database)) == database


def _in_cents(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_cents(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_cents(inner) for inner in value]
    return round(value, 2) if isinstance(value, float) else value
