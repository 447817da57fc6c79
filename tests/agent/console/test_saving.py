"""A conversation is saved as a test case with one click, by a lead, and without the person it was held with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.suite.casefile.reading import read_case
from evals.suite.importing import written_as_case
from tests.agent.console.conftest import BRUNO, Pages
from tools.shop.errors import ShopUnavailable

LINES = ("hola, soy Ximena Torres, mi correo es ximena.torres@example.mx", "¿dónde está mi pedido 10028?")
PERSONAL = ("ximena", "torres", "10028")


@pytest.fixture
def saving(pages: Pages) -> Pages:
    """The pages of a service that was given a way to write cases."""
    pages.app.state.console = replace(pages.parts, as_case=written_as_case)
    return pages


async def conversation_of(pages: Pages, handoff_id: str) -> str:
    return str((await pages.parts.view.case(BRUNO, handoff_id, "es"))["conversation_id"])


async def test_a_lead_saves_it_and_the_file_is_a_sound_case(saving: Pages, tmp_path: Path) -> None:
    handoff_id = await saving.handed_over(*LINES, customer="ximena-torres")
    bruno = await saving.at_desk("Bruno")
    page = await bruno.get(f"/console/cases/{handoff_id}")
    path = f"/console/conversations/{await conversation_of(saving, handoff_id)}/case"
    assert f'href="{path}" download' in page.text
    saved = await bruno.get(path)
    assert saved.status_code == 200
    assert saved.headers["cache-control"] == "private, no-store"
    name = saved.headers["content-disposition"].split('"')[1]
    assert [word for word in PERSONAL if word in saved.text.lower()] == []
    file = tmp_path / "imported" / name
    file.parent.mkdir()
    file.write_text(saved.text, encoding="utf-8")
    case = read_case(file)
    assert case.language == "es"
    assert len(case.shopper.lines) == len(LINES) + 1  # type: ignore[union-attr]


async def test_only_a_lead_may_and_only_where_the_service_can(saving: Pages) -> None:
    handoff_id = await saving.handed_over(*LINES, customer="ximena-torres")
    path = f"/console/conversations/{await conversation_of(saving, handoff_id)}/case"
    alma, bruno = await saving.at_desk("Alma"), await saving.at_desk("Bruno")
    assert path not in (await alma.get(f"/console/cases/{handoff_id}")).text
    assert (await alma.get(path)).status_code == 403
    assert (await saving.browse().get(path)).url.path == "/console/sign-in"
    assert (await bruno.get("/console/conversations/cnv_none/case")).status_code == 404
    saving.app.state.console = saving.parts
    assert path not in (await bruno.get(f"/console/cases/{handoff_id}")).text
    assert (await bruno.get(path)).status_code == 404


async def test_nothing_is_given_away_while_the_shop_cannot_say_whose_words_they_are(saving: Pages) -> None:
    handoff_id = await saving.handed_over(*LINES, customer="ximena-torres")
    path = f"/console/conversations/{await conversation_of(saving, handoff_id)}/case"

    async def silent(*_: Any) -> tuple[str, str]:
        raise ShopUnavailable("no answer")

    saving.app.state.console = replace(saving.parts, as_case=silent)
    assert (await (await saving.at_desk("Bruno")).get(path)).status_code == 503
