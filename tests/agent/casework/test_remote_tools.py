"""Tools of a shop's own MCP server, over a real socket, under the same gates as ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.app.thinking import open_loop
from agent.conversation import ActionStatus, TurnKind
from agent.settings import Settings
from evals.mcp_shop import INJECTED, Back, shop_app
from evals.openai_answers import Asked, Body, Completion
from evals.openai_server import OpenAIServer
from evals.served import serve_app
from evals.world import Library, Talk, World, open_world
from tests.agent.casework.conftest import PlainEscalation

LUCIA, NUMBER, STRANGERS = "lucia-hernandez", "10002", "10021"
NOTE = "toca el timbre azul"
READ = {
    "loyalty_points": {"fields": ["points"]},
    "gift_wrapping": {"order": "order_number"},
    "store_stock": {"customer": "", "level": 0},
    "no_longer_there": {},
}
WRITE = {
    "delivery_instructions": {"tool": "write_delivery_note", "arguments": {"order": "number", "note": "text"}},
}
Open = Callable[..., Any]


class Mind:
    """An LLM that calls what it is told to, and then repeats what the last tool answered."""

    def __init__(self) -> None:
        self.calls: list[Asked] = []
        self.offered: list[str] = []
        self.heard: list[str] = []

    def __call__(self, body: Body) -> Completion:
        self.offered = [one["function"]["name"] for one in body["tools"]]
        last = body["messages"][-1]
        if last["role"] == "tool":
            self.heard.append(last["content"])
            return Completion("Eso dice la tienda.")
        calls, self.calls = tuple(self.calls), []
        return Completion(calls=calls) if calls else Completion("¿Qué más necesitas?")


@pytest.fixture
async def back() -> Back:
    return Back()


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
async def open_shop(library: Library, tmp_path: Path, stack: AsyncExitStack, back: Back) -> Open:
    """A world with an LLM and the shop's server; ``url`` is another address for the latter."""

    async def make(mind: Mind | None = None, url: str = "", **rules: Any) -> World:
        address = url or f"{await stack.enter_async_context(serve_app(shop_app(back), lifespan='on'))}/mcp"
        given = {"url": address, "read": READ, "write": WRITE, "booked": "operation_booked", "timeout_s": 10.0, **rules}
        thinking = replace(library.thinking, escalation=PlainEscalation())
        if mind is not None:
            server = await stack.enter_async_context(OpenAIServer(mind))
            settings = Settings(
                data_dir=tmp_path, model="openai:local", openai_api_key="sk-x", openai_base_url=server.base_url
            )
            thinking = replace(thinking, loop=open_loop(settings, thinking.sentences))
        return await stack.enter_async_context(
            open_world(library, tmp_path, thinking=thinking, outside={"mcp_servers": [given]})
        )

    return make


async def ask(talk: Talk, mind: Mind, name: str, **arguments: Any) -> Any:
    """Have the LLM call a tool; what it was answered."""
    mind.calls = [Asked(name, json.dumps(arguments))]
    await talk.say("¿me lo miras?")
    fenced = mind.heard[-1]
    return json.loads(fenced.partition("\n")[2].rpartition("\n")[0])


async def test_only_what_is_on_the_list_is_offered_and_nobody_names_the_customer(open_shop: Open, back: Back) -> None:
    mind = Mind()
    world = await open_shop(mind)
    talk = await world.open(LUCIA)
    assert await ask(talk, mind, "shop_loyalty_points") == {"points": 1250}
    assert {one for one in mind.offered if one.startswith("shop_")} == {
        "shop_loyalty_points",
        "shop_gift_wrapping",
        "shop_store_stock",
    }
    assert back.asked == [("loyalty_points", {"customer_id": LUCIA})]
    wrong = await ask(talk, mind, "shop_loyalty_points", customer_id="mateo-rojas")
    assert wrong == {"ask_again": True, "error": "invalid_arguments"}
    for name in ("shop_delete_customer", "delete_customer", "shop_write_delivery_note", "write_delivery_note"):
        mind.calls = [Asked(name, json.dumps({"customer_id": LUCIA}))]
        await talk.say("hazlo")
    assert len(back.asked) == 1


async def test_a_strangers_order_is_not_even_asked_for(open_shop: Open, back: Back) -> None:
    mind = Mind()
    talk = await (await open_shop(mind)).open(LUCIA)
    assert (await ask(talk, mind, "shop_gift_wrapping", order_number=NUMBER))["wrapped"] is True
    refused = await ask(talk, mind, "shop_gift_wrapping", order_number=STRANGERS)
    assert refused == {"ask_again": True, "error": "unknown_order", "number": STRANGERS}
    assert [one[1]["order_number"] for one in back.asked] == [NUMBER]


async def test_who_nobody_is_known_to_be_asks_what_is_nobodys(open_shop: Open, back: Back) -> None:
    mind = Mind()
    talk = await (await open_shop(mind)).open()
    assert (await ask(talk, mind, "shop_store_stock", product="cinturón"))["stores"] == {"Centro": 3, "Norte": 0}
    assert (await ask(talk, mind, "shop_loyalty_points"))["error"] == "verify_first"
    assert [one[0] for one in back.asked] == ["store_stock"]


async def test_what_the_server_says_is_data(open_shop: Open) -> None:
    mind = Mind()
    talk = await (await open_shop(mind)).open(LUCIA)
    assert (await ask(talk, mind, "shop_gift_wrapping", order_number=NUMBER))["card"] == INJECTED
    assert mind.heard[-1].startswith('<data from="shop_gift_wrapping">')
    assert mind.heard[-1].count("</data>") == 1
    assert (await talk.file()).actions == ()


async def test_a_server_that_is_not_there_at_the_start_is_used_once_it_is(
    open_shop: Open, back: Back, stack: AsyncExitStack, unused_port: int
) -> None:
    mind = Mind()
    world = await open_shop(mind, url=f"http://127.0.0.1:{unused_port}/mcp")
    talk = await world.open(LUCIA)
    turn = await talk.say("hola")
    assert turn["status"] == "bot"
    assert not [one for one in mind.offered if one.startswith("shop_")]
    await stack.enter_async_context(serve_app(shop_app(back), unused_port, lifespan="on"))
    await world.parts.remotes.offer_to(world.services.loop)
    assert await ask(talk, mind, "shop_loyalty_points") == {"points": 1250}


async def test_a_server_that_fails_in_mid_turn_is_a_truthful_failure(open_shop: Open, back: Back) -> None:
    mind = Mind()
    talk = await (await open_shop(mind, timeout_s=3.0)).open(LUCIA)
    await ask(talk, mind, "shop_loyalty_points")
    back.trouble = lambda _: asyncio.sleep(8)
    failed = await ask(talk, mind, "shop_loyalty_points")
    assert failed == {"error": "order_system_unavailable", "ask_again": False}
    back.trouble = lambda _: None
    assert await ask(talk, mind, "shop_loyalty_points") == {"points": 1250}


async def note_of(world: World) -> str:
    return (await world.order(LUCIA, NUMBER)).delivery.instructions


async def propose(world: World) -> Talk:
    talk = await world.open(LUCIA)
    await talk.say(f"deja una nota para el repartidor en el pedido {NUMBER}: {NOTE}")
    assert (await talk.last_action()).status is ActionStatus.PROPOSED
    return talk


async def test_a_change_goes_to_the_server_after_the_yes_and_once(open_shop: Open, back: Back) -> None:
    world = await open_shop()
    talk = await propose(world)
    assert back.asked == []
    await talk.say("sí")
    action = await talk.last_action()
    await talk.press(TurnKind.CONFIRM, action.id)
    assert action.status is ActionStatus.EXECUTED
    assert back.asked == [
        ("write_delivery_note", {"customer_id": LUCIA, "order": NUMBER, "note": NOTE, "key": action.id})
    ]
    assert (back.writes, await note_of(world)) == (1, NOTE)


def failing(*moments: str, times: int = 1) -> Callable[[str], Any]:
    left = dict.fromkeys(moments, times)

    def trouble(moment: str) -> Any:
        if left.get(moment, 0) > 0:
            left[moment] -= 1
            return asyncio.sleep(8)
        return None

    return trouble


FAULTS: Sequence[tuple[Callable[[str], Any], ActionStatus, int]] = [
    (failing("before write_delivery_note"), ActionStatus.EXECUTED, 1),
    (failing("after write_delivery_note"), ActionStatus.EXECUTED, 1),
    (failing("after write_delivery_note", "before operation_booked"), ActionStatus.EXECUTED, 1),
    (failing("before write_delivery_note", times=9), ActionStatus.PROPOSED, 0),
    (failing("after write_delivery_note", "before operation_booked", times=99), ActionStatus.FAILED, 1),
]


@pytest.mark.parametrize(("trouble", "status", "writes"), FAULTS)
async def test_a_lost_answer_never_does_it_twice_nor_says_what_is_not_known(
    open_shop: Open, back: Back, trouble: Any, status: ActionStatus, writes: int
) -> None:
    world = await open_shop(timeout_s=3.0)
    talk = await propose(world)
    back.trouble = trouble
    turn = await talk.say("sí")
    action = await talk.last_action()
    assert (action.status, back.writes) == (status, writes)
    assert len(back.booked) == writes
    assert (await note_of(world) == NOTE) is (status is ActionStatus.EXECUTED)
    if status is ActionStatus.FAILED:
        assert turn["status"] == "queued", "nobody knows whether it happened: a person looks"
        assert action.failure == "unresolved"


async def test_a_servers_no_changes_nothing(open_shop: Open, back: Back) -> None:
    world = await open_shop()
    talk = await world.open(LUCIA)
    await talk.say(f"deja una nota para el repartidor en el pedido {NUMBER}: toca la bocina")
    await talk.say("sí")
    assert (await talk.last_action()).failure == "remote_refused"
    assert (back.writes, await note_of(world)) == (0, "")


async def test_what_moved_since_the_yes_is_not_sent(open_shop: Open, back: Back) -> None:
    world = await open_shop()
    talk = await propose(world)
    other = await propose(world)
    await other.say("sí")
    back.asked.clear()
    await talk.say("sí")
    assert back.asked == []


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
