"""``postventa keys``: a key is printed once, opens what its kind opens, and is taken back."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.__main__ import app
from agent.app.storing import open_storing
from agent.casework.ports import ApiKey
from agent.settings import Settings

RUN = CliRunner()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTVENTA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(key: str) -> ApiKey | None:
    async def look() -> ApiKey | None:
        async with AsyncExitStack() as stack:
            return await (await open_storing(Settings(), stack)).keys.find(key)

    return asyncio.run(look())


def test_a_key_is_printed_once_and_taken_back(folder: Path) -> None:
    made = RUN.invoke(app, ["keys", "add", "pk", "widget", "--origin", "https://shop.example/"])
    assert made.exit_code == 0, made.output
    key = made.output.strip()
    assert key.startswith("pk_")
    assert found(key) == ApiKey("main", "pk", "widget", origins=("https://shop.example",))
    listed = RUN.invoke(app, ["keys", "list"]).output
    assert listed == "pk  widget  https://shop.example\n"
    assert RUN.invoke(app, ["keys", "remove", "pk", "widget"]).output == "removed 1\n"
    assert found(key) is None
    assert RUN.invoke(app, ["keys", "remove", "pk", "widget"]).exit_code == 1
    assert key.encode() not in b"".join(path.read_bytes() for path in (folder / "data").glob("*.db*"))


@pytest.mark.parametrize(
    "wrong",
    [
        ("xx", "a"),
        ("dk", "a", "--role", "boss"),
        ("sk", "a", "--origin", "https://a.example"),
        ("pk", "a", "--origin", "a"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: tuple[str, ...]) -> None:
    assert RUN.invoke(app, ["keys", "add", *wrong]).exit_code == 2
    assert RUN.invoke(app, ["keys", "list"]).output == ""
