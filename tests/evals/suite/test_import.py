"""A stored conversation becomes a case that can be played, without the person it was held with."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.app.demo import SHOP_ID
from agent.conversation import TurnKind
from evals.suite.casefile.reading import read_case
from evals.suite.check import Outcome
from evals.suite.grading import grade
from evals.suite.importing import import_conversation
from evals.world import Library, open_world
from tests.evals.suite.conftest import Playing

PERSONAL = ("ximena", "torres", "10028", "ximena.torres@example.mx", "somebody@else.example", "55 1234 5678")


async def test_it_is_imported_without_the_person(library: Library, tmp_path: Path) -> None:
    async with open_world(library, tmp_path) as world:
        talk = await world.open("ximena-torres")
        await talk.say(
            "hola, soy Ximena Torres, mi correo es ximena.torres@example.mx y mi otro correo somebody@else.example"
        )
        await talk.say("¿dónde está mi pedido 10028? mi teléfono es 55 1234 5678")
        await talk.press(TurnKind.HANDOFF)
        store = world.services.store
        imported = await import_conversation(store, SHOP_ID, talk.opened.conversation.id, world.shop)
    text = imported.text.lower()
    assert [word for word in PERSONAL if word in text] == []
    assert imported.replaced >= 5
    path = tmp_path / "imported" / "one.es.yaml"
    path.parent.mkdir()
    path.write_text(imported.text, encoding="utf-8")
    case = read_case(path)
    assert case.tags == ("imported", "draft")
    assert case.fixture.customer == "lucia-hernandez"
    assert case.expect.escalation is not None
    assert case.expect.escalation.decide == "escalate"
    assert len(case.shopper.lines) == 3  # type: ignore[union-attr]


async def test_what_is_not_there_is_refused(library: Library, tmp_path: Path) -> None:
    async with open_world(library, tmp_path) as world:
        store = world.services.store
        with pytest.raises(LookupError, match="no such conversation"):
            await import_conversation(store, SHOP_ID, "cnv_none", world.shop)
        talk = await world.open("ximena-torres")
        with pytest.raises(LookupError, match="did nothing"):
            await import_conversation(store, SHOP_ID, talk.opened.conversation.id, world.shop)


async def exchanged(library: Library, tmp_path: Path) -> Path:
    """An exchange held in a world, imported."""
    async with open_world(library, tmp_path) as world:
        talk = await world.open("lucia-hernandez")
        await talk.say("quiero cambiar los tenis brisa por talla 8")
        await talk.press(TurnKind.CONFIRM, (await talk.last_action()).id)
        imported = await import_conversation(world.services.store, SHOP_ID, talk.opened.conversation.id, world.shop)
    path = tmp_path / "exchange.es.yaml"
    path.write_text(imported.text, encoding="utf-8")
    return path


def test_it_plays_as_it_was(library: Library, tmp_path: Path, playing: Playing) -> None:
    """The draft holds for what it was imported from."""
    case = read_case(asyncio.run(exchanged(library, tmp_path)))
    assert list(case.expect.orders) == ["10001"]
    assert [one.status.value for one in case.expect.actions or ()] == ["executed"]
    result = grade(playing(case)[0])
    assert result.outcome is Outcome.PASS, result.failures
