"""``postventa shop``: a folder of CSV files goes in whole or not at all, and comes out as a tau2 database."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.__main__ import app
from agent.errors import Misconfigured

RUN = CliRunner()
DOCUMENT = Path(__file__).parents[3] / "docs" / "shop-csv.md"
EXAMPLE = re.compile(r"^`(\w+\.csv)`[^\n]*\n\n```csv\n(.*?)```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The documentation's example, in a folder beside the data."""
    monkeypatch.setenv("POSTVENTA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "my-shop"
    folder.mkdir()
    for name, text in EXAMPLE.findall(DOCUMENT.read_text(encoding="utf-8")):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rows(folder: Path) -> list[str]:
    """Everything that the shop's tables hold."""
    with sqlite3.connect(folder.parent / "data" / "shop.db") as database:
        return list(database.iterdump())


def test_the_documented_example_is_loaded_by_the_documented_command(bakery: Path) -> None:
    loaded = RUN.invoke(app, ["shop", "import", "--format", "csv", "my-shop/"])
    assert (loaded.exit_code, loaded.output) == (0, "loaded 3 orders\n")
    assert sum("PQ4F0002" in row for row in rows(bakery)) == 1


def test_with_one_bad_row_nothing_is_loaded_and_its_place_and_reason_are_told(bakery: Path) -> None:
    assert RUN.invoke(app, ["shop", "import", str(bakery)]).exit_code == 0
    before = rows(bakery)
    with (bakery / "orders.csv").open("a", encoding="utf-8") as orders:
        orders.write("1004,c1,entregado,mañana,0,tarjeta\n1005,c1,entregado,2026-11-21,0,tarjeta\n")
    refused = RUN.invoke(app, ["shop", "import", str(bakery)])
    assert refused.exit_code == 1
    assert "orders.csv, line 5, placed_at: 'mañana' is not a date" in refused.output
    assert "Traceback" not in refused.output
    assert rows(bakery) == before


def test_a_tau2_file_with_a_defect_leaves_the_shop_that_was_there(bakery: Path) -> None:
    assert RUN.invoke(app, ["shop", "import", str(bakery)]).exit_code == 0
    before = rows(bakery)
    for text, place in (('{"orders": ', "line 1"), ('{"products": {}, "users": {}, "orders": {"#W1": {}}}', "#W1")):
        (bakery / "db.json").write_text(text, encoding="utf-8")
        refused = RUN.invoke(app, ["shop", "import", "--format", "tau2", str(bakery / "db.json")])
        assert refused.exit_code == 1
        assert "db.json" in refused.output
        assert place in refused.output
        assert rows(bakery) == before


def test_what_was_loaded_is_written_out(bakery: Path) -> None:
    RUN.invoke(app, ["shop", "import", str(bakery)])
    written = RUN.invoke(app, ["shop", "export", "--format", "tau2", str(bakery / "out.json")])
    assert (written.exit_code, written.output) == (0, "wrote 3 orders\n")
    assert len(json.loads((bakery / "out.json").read_text(encoding="utf-8"))["orders"]) == 3


def test_a_place_that_cannot_be_written_is_told_in_one_line(bakery: Path) -> None:
    RUN.invoke(app, ["shop", "import", str(bakery)])
    refused = RUN.invoke(app, ["shop", "export", str(bakery / "nowhere" / "out.json")]).exception
    assert isinstance(refused, Misconfigured)
    assert "out.json: cannot be written: No such file" in str(refused)


def test_another_format_and_an_empty_shop_are_refused_by_name(bakery: Path) -> None:
    assert isinstance(RUN.invoke(app, ["shop", "import", "--format", "xml", str(bakery)]).exception, Misconfigured)
    empty = RUN.invoke(app, ["shop", "export", str(bakery / "out.json")]).exception
    assert isinstance(empty, Misconfigured)
    assert "nothing imported yet" in str(empty)
