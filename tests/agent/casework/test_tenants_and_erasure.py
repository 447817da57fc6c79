"""One service, two shops: neither sees the other's. And what is erased is gone, in every table."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.casework.opening import open_conversation
from agent.casework.receiving import Move, Reception
from agent.conversation import Action, TurnKind
from agent.errors import NotFound
from evals.world import Talk, World

Propose = Callable[[Talk], Awaitable[Action]]

LUCIA, EMAIL = "lucia-hernandez", "lucia.hernandez@example.mx"


class Empty:
    """The order system of a shop that has sold nothing yet."""

    capabilities: frozenset[str] = frozenset()

    def __getattr__(self, name: str) -> Any:
        async def nothing(*_: Any, **__: Any) -> Any:
            return () if name.endswith("s_of") or name.endswith("_for") else None

        return nothing


@pytest.fixture
def two_shops(world: World) -> World:
    """The demo shop, and an empty one beside it in the same service and store."""
    other = replace(world.front, id="other", name="Otra tienda", shop=Empty())  # type: ignore[arg-type]
    services = replace(world.services, storefronts={"demo": world.front, "other": other})
    return replace(world, parts=replace(world.parts, services=services, reception=Reception(services)))


async def test_an_order_is_only_found_in_its_own_shop(two_shops: World) -> None:
    opened = await open_conversation(two_shops.services, "other", locale="es")
    for text in ("¿dónde está mi pedido 10002?", EMAIL):
        answer = await two_shops.reception.receive(opened.conversation, Move(TurnKind.MESSAGE, text=text))
    assert "No encuentro" in answer["reply"]["text"]
    assert "Colibrí" not in answer["reply"]["text"]


async def test_a_conversation_is_only_found_in_its_own_shop(two_shops: World) -> None:
    talk, store = await two_shops.open(LUCIA), two_shops.services.store
    conversation = talk.opened.conversation.id
    answer = await talk.say("quiero hablar con una persona")
    assert await store.find("other", conversation) is None
    assert await store.case_file("other", conversation) is None
    assert await store.turn("other", answer["id"]) is None
    assert await store.messages_after("other", conversation, 0, 10) == []
    assert await store.events_after("other", conversation, (0, 0)) == []
    assert await store.handoff("other", answer["handoff"]["id"]) is None
    assert await store.handoffs("other", None) == []
    assert await store.claim("other", conversation, owner="x", now=two_shops.clock(), lease_s=1) is None
    assert await store.erase("other", conversation) is False
    assert (await talk.file()).messages


async def test_an_action_of_one_shop_cannot_be_confirmed_in_another(two_shops: World, propose_note: Propose) -> None:
    action = await propose_note(await two_shops.open(LUCIA))
    opened = await open_conversation(two_shops.services, "other", locale="es")
    answer = await two_shops.reception.receive(opened.conversation, Move(TurnKind.CONFIRM, action_id=action.id))
    assert answer["actions"] == []
    assert (await two_shops.order(LUCIA, "10002")).delivery.instructions == ""


async def test_erasure_leaves_nothing_of_the_conversation(make_world: Any, tmp_path: Path) -> None:
    world: World = await make_world(store="sqlite")
    talk, kept = await world.open(), await world.open("emma-clark", locale="en")
    await kept.say("where is my order 10003?")
    await talk.say("quiero dejar una nota para el repartidor de mi pedido 10002: toca el timbre azul")
    await talk.say(EMAIL)
    await talk.say(await world.last_code())
    await talk.say("sí")
    await talk.say("quiero hablar con una persona")
    await world.services.store.keep_feedback("demo", talk.opened.conversation.id, {"rating": 1}, world.clock())
    traces = (talk.opened.conversation.id, EMAIL, "timbre azul", "Lucía", "10002")
    assert set(traces) <= {trace for trace in traces if trace in dump(tmp_path)}
    assert await world.services.store.erase("demo", talk.opened.conversation.id)
    after = dump(tmp_path)
    assert [trace for trace in traces if trace in after] == []
    assert kept.opened.conversation.id in after
    assert await world.services.store.erase("demo", talk.opened.conversation.id) is False


async def test_an_erased_conversation_takes_no_message_and_cannot_be_read(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.say("hola")
    await world.services.store.erase("demo", talk.opened.conversation.id)
    with pytest.raises(LookupError):
        await talk.file()
    with pytest.raises(NotFound):
        await world.reception.receive(talk.opened.conversation, Move(TurnKind.MESSAGE, text="¿hola?"))


def dump(folder: Path) -> str:
    """Every row of every table of the service's database, as text."""
    connection = sqlite3.connect(folder / "postventa.db")
    try:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        rows = (row for name in names for row in connection.execute(f'select * from "{name}"'))
        return "\n".join(repr(row) for row in rows)
    finally:
        connection.close()
