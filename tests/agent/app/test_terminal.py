"""``postventa chat``: the whole conversation in a terminal, with the codes that the demo does not mail."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.__main__ import app


@pytest.fixture
def folder(library: Any, library_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What was learnt and indexed for this run, and no conversation yet."""
    shutil.copytree(library_folder, tmp_path / "data", ignore=shutil.ignore_patterns("*.db*"))
    monkeypatch.setenv("POSTVENTA_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def chat(*lines: str, options: tuple[str, ...] = ()) -> str:
    done = CliRunner().invoke(app, ["chat", *options], input="".join(f"{line}\n" for line in lines))
    assert done.exit_code == 0, done.output
    return done.output


def test_somebody_signed_in_changes_an_order_and_undoes_it(folder: Path) -> None:
    said = chat("compré unos tenis y necesito una talla más", "", "sí", "deshazlo", options=("--as", "lucia-hernandez"))
    assert re.search(r"Brisa.*talla 8", said)
    assert "exchange_items ✓" in said
    assert re.search(r"X-[0-9A-Z]{8}", said)
    assert said.count("›") == 5, "an empty line is no message"
    assert "todo quedó como estaba" in said


def test_a_stranger_is_shown_the_code_that_would_have_been_mailed(folder: Path) -> None:
    said = chat("I want to cancel order 10020, my e-mail is hector.salazar@example.net", options=("--locale", "en"))
    assert re.search(r"✉ hector\.salazar@example\.net: .*\b\d{6}\b", said, re.DOTALL)


def test_whoever_asks_for_a_person_sees_the_case(folder: Path) -> None:
    assert re.search(r"☎ queued hnd_\w+", chat("quiero hablar con una persona"))
