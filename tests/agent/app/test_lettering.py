"""``postventa desk outbox`` shows what could not be delivered and has it sent again."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.__main__ import app
from agent.app.storing import open_storing
from agent.casework.outbox.letters import Letter
from agent.settings import Settings
from agent.store import outbox

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """The command on a data folder with a dead letter and one that waits."""
    monkeypatch.setenv("POSTVENTA_DATA_DIR", str(tmp_path))
    asyncio.run(_write(Settings()))
    return lambda *arguments: CliRunner().invoke(app, ["desk", "outbox", *arguments])


async def _write(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        storing = await open_storing(settings, stack)
        sent = [Letter(f"trn_{n}-1", "main", "cnv_1", "chatwoot", "handoff.queued", {}, NOW) for n in (1, 2)]
        await storing.database.write(lambda connection: outbox.write(connection, sent))
        (first,) = await storing.letters.take(owner="me", now=NOW, lease_s=60, limit=1)
        await storing.letters.bury(first, now=NOW, failure="http_422")


def test_dead_letters_are_shown(run: object) -> None:
    shown: Result = run("list")  # type: ignore[operator]
    assert shown.output.split() == [
        "chatwoot:trn_1-1",
        "handoff.queued",
        "dead",
        "1",
        "2026-11-20T18:00:00+00:00",
        "http_422",
    ]


def test_all_are_shown(run: object) -> None:
    assert [line.split()[0] for line in run("list", "--status", "all").output.splitlines()] == [  # type: ignore[operator]
        "chatwoot:trn_2-1",
        "chatwoot:trn_1-1",
    ]
    assert run("list", "--shop", "another").output == ""  # type: ignore[operator]
    assert run("list", "--status", "lost").exit_code == 2  # type: ignore[operator]


def test_one_is_sent_again(run: object) -> None:
    replayed: Result = run("replay", "chatwoot:trn_1-1")  # type: ignore[operator]
    assert (replayed.exit_code, replayed.output) == (0, "chatwoot:trn_1-1 is waiting\n")
    assert run("list").output == ""  # type: ignore[operator]


def test_one_that_is_not_there_is_an_error(run: object) -> None:
    assert run("replay", "nothing").exit_code == 1  # type: ignore[operator]
