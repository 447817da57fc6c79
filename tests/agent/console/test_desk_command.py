"""``postventa desk``: who may sign in, from the command line."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.__main__ import app
from agent.app.storing import open_storing
from agent.casework.credentials import Credential
from agent.casework.desk.ports import Colleague
from agent.console.passwords import check_password
from agent.settings import Settings

RUN = CliRunner()
LONG = "una clave muy larga"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTVENTA_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def known(name: str) -> tuple[Credential | None, list[Colleague]]:
    async def look() -> tuple[Credential | None, list[Colleague]]:
        async with AsyncExitStack() as stack:
            storing = await open_storing(Settings(), stack)
            return await storing.credentials.find("main", name), list(await storing.store.people("main"))

    return asyncio.run(look())


def test_a_person_is_added_with_role_languages_and_a_password_that_is_asked_for(folder: Path) -> None:
    added = RUN.invoke(
        app, ["desk", "add", "Alma", "--role", "lead", "--languages", "es,en"], input=f"{LONG}\n{LONG}\n"
    )
    assert added.exit_code == 0, added.output
    assert LONG not in added.output
    credential, people = known("alma")
    assert credential is not None
    assert asyncio.run(check_password(LONG, credential.digest))
    assert [(one.name, one.role, one.languages) for one in people] == [("Alma", "lead", ("es", "en"))]


def test_a_person_added_again_has_another_password_and_role_and_keeps_the_name(folder: Path) -> None:
    for role, password in (("agent", LONG), ("lead", LONG[::-1])):
        RUN.invoke(app, ["desk", "add", "Alma", "--role", role, "--password", password])
    assert RUN.invoke(app, ["desk", "add", "ALMA", "--role", "lead", "--password", LONG[::-1]]).exit_code == 0
    credential, people = known("Alma")
    assert credential is not None
    assert asyncio.run(check_password(LONG[::-1], credential.digest))
    assert [(one.name, one.role) for one in people] == [("Alma", "lead")]


@pytest.mark.parametrize(
    "wrong", [["--role", "boss"], ["--languages", "es,fr"], ["--password", "corta"], ["--password", "x" * 201]]
)
def test_what_makes_no_sense_is_refused(folder: Path, wrong: list[str]) -> None:
    refused = RUN.invoke(app, ["desk", "add", "Alma", "--password", LONG, *wrong])
    assert refused.exit_code == 2
    assert known("Alma") == (None, [])


def test_a_person_is_removed_once(folder: Path) -> None:
    RUN.invoke(app, ["desk", "add", "Alma", "--password", LONG])
    assert RUN.invoke(app, ["desk", "remove", "alma"]).exit_code == 0
    assert known("Alma")[0] is None
    assert RUN.invoke(app, ["desk", "remove", "alma"]).exit_code == 1


def test_a_person_comes_in_by_link_with_or_without_a_password(folder: Path) -> None:
    added = RUN.invoke(app, ["desk", "add", "Alma", "--email", "Alma@Shop.es", "--link-only"])
    assert added.exit_code == 0, added.output
    assert known("Alma")[0] == Credential("main", "Alma", "", "alma@shop.es")
    RUN.invoke(app, ["desk", "add", "Alma", "--password", LONG])
    credential, _ = known("Alma")
    assert credential is not None
    assert credential.digest
    assert credential.email == "alma@shop.es", "an address that is not given again stays"


@pytest.mark.parametrize("wrong", [["--link-only"], ["--link-only", "--email", "nobody"]])
def test_nobody_is_added_who_could_not_come_in(folder: Path, wrong: list[str]) -> None:
    assert RUN.invoke(app, ["desk", "add", "Alma", *wrong]).exit_code == 2
    assert known("Alma") == (None, [])


def test_an_address_is_one_person_s(folder: Path) -> None:
    for name, expected in (("Alma", 0), ("Bruno", 2)):
        done = RUN.invoke(app, ["desk", "add", name, "--email", "alma@shop.es", "--link-only"])
        assert done.exit_code == expected, done.output
    assert "Alma's" in done.output
