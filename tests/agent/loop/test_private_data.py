"""What a shopper should not have typed is nowhere, and what tools do not declare leaves no trace outside the order system."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog

from agent.app.logging import PROCESSORS
from agent.app.thinking import open_loop
from agent.settings import Settings
from evals.openai_answers import Answer, Asked, Completion
from evals.openai_server import OpenAIServer
from evals.world import Library, World, open_world
from tools.catalogue import all_tools
from tools.effects import Effect, effect_of
from tools.shop.models import Customer, Order
from tools.shop.port import Shop

SECRETS = ("4111 1111 1111 1111", "529.982.247-25", "Perro123!", "GODE561231HDFRRN09")
TYPED = (
    f"mi tarjeta es {SECRETS[0]} y mi contraseña es {SECRETS[2]}, ¿dónde está mi pedido 10002?",
    f"meu CPF é {SECRETS[1]}",
    f"mi CURP: {SECRETS[3]}",
)
READS = [
    tool.name for tool in all_tools() if effect_of(tool) is Effect.READ and tool.name not in ("send_code", "check_code")
]
CANARY = "canary"


class Planted:
    """An order system whose every undeclared field holds a canary."""

    def __init__(self, inner: Shop) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def customer(self, customer_id: Any) -> Customer | None:
        found = await self._inner.customer(customer_id)
        address = replace(found.address, phone=f"{CANARY}-phone") if found else None
        return found and replace(found, email=f"{CANARY}@mail.example", phone=f"{CANARY}-phone", address=address)

    async def order_of(self, customer_id: Any, number: str) -> Order | None:
        found = await self._inner.order_of(customer_id, number)
        return found and _planted(found)

    async def orders_of(self, customer_id: Any, limit: int = 20) -> list[Order]:
        return [_planted(one) for one in await self._inner.orders_of(customer_id, limit)]


def _planted(order: Order) -> Order:
    return replace(
        order,
        address=replace(order.address, phone=f"{CANARY}-phone"),
        gift_note=f"{CANARY}-gift",
        payments=tuple(replace(one, kind=f"{CANARY}-payment") for one in order.payments),
        claims=tuple(replace(one, description=f"{CANARY}-claim") for one in order.claims),
        shipments=tuple(
            replace(
                one,
                id=f"{CANARY}-parcel",
                events=tuple(replace(event, message=f"{CANARY}-scan") for event in one.events),
            )
            for one in order.shipments
        ),
        refunds=tuple(replace(one, id=one.id) for one in order.refunds),
    )


@pytest.fixture
async def service(library: Library, tmp_path: Path) -> AsyncIterator[Any]:
    """Opens a world on an LLM that calls every reading tool once; yields it with the server, the log and the folder."""
    lines: list[str] = []

    def keep(_: Any, __: str, line: str) -> str:
        lines.append(line)
        raise structlog.DropEvent

    structlog.configure(processors=[*PROCESSORS, keep], cache_logger_on_first_use=False)
    async with AsyncExitStack() as stack:

        async def open_service(around: Any = lambda shop: shop) -> tuple[World, OpenAIServer, list[str]]:
            server = await stack.enter_async_context(OpenAIServer(look_at_everything()))
            given = {"OPENAI_API_KEY": "sk-of-this-shop", "OPENAI_BASE_URL": server.base_url}
            settings = Settings(_env_file=None, model="openai:local", data_dir=tmp_path, **given)
            thinking = replace(library.thinking, loop=open_loop(settings, library.thinking.sentences))
            world = await stack.enter_async_context(
                open_world(library, tmp_path, thinking=thinking, store="sqlite", around=around)
            )
            return world, server, lines

        yield open_service
    structlog.reset_defaults()


def look_at_everything() -> Any:
    left = [READS[start : start + 7] for start in range(0, len(READS), 7)]

    def answer(body: Any) -> Answer:
        if not left:
            return Completion("Con gusto te ayudo con lo que necesites de tus pedidos.")
        calls = [Asked.of(name, number="10002", question="envío", product_id="brisa-mx") for name in left.pop(0)]
        return Completion(calls=calls)

    return answer


def contents_of(folder: Path) -> list[str]:
    """Every file, byte by byte."""
    return [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]


async def test_what_a_shopper_should_not_have_typed_is_nowhere(service: Any, tmp_path: Path) -> None:
    world, server, logged = await service()
    talk = await world.open("lucia-hernandez")
    for text in TYPED:
        await talk.say(text)
    file = await talk.file()
    told = file.messages[0].text
    assert told == "mi tarjeta es [card removed] y mi contraseña es [password removed], ¿dónde está mi pedido 10002?"
    assert server.requests
    everywhere = [
        json.dumps(server.requests, ensure_ascii=False),
        "\n".join(logged),
        repr(file),
        *contents_of(tmp_path),
    ]
    for secret in SECRETS:
        assert not [place[:60] for place in everywhere if secret in place]


async def test_the_desk_sees_that_something_was_removed(service: Any) -> None:
    world, _, _ = await service()
    talk = await world.open("lucia-hernandez")
    await talk.say(TYPED[0])
    answer = await talk.say("quiero hablar con una persona")
    handoff = await world.services.store.handoff("demo", answer["handoff"]["id"])
    assert handoff is not None
    assert "[card removed]" in json.dumps(handoff.packet, ensure_ascii=False)


async def test_fields_that_no_tool_declares_reach_neither_prompt_nor_log_nor_store(
    service: Any, tmp_path: Path
) -> None:
    world, server, logged = await service(Planted)
    talk = await world.open("lucia-hernandez")
    await talk.say("¿dónde está mi pedido 10002? ¿y mis datos?")
    await talk.say("¿y mi reembolso?")
    file = await talk.file()
    assert {call.name for call in file.tool_calls} >= {"list_orders", "get_order", "track_order", "customer_profile"}
    assert CANARY not in json.dumps(server.requests, ensure_ascii=False)
    assert CANARY not in "\n".join(logged) + repr(file)
    assert not [content for content in contents_of(tmp_path) if CANARY in content]


async def test_the_planted_order_system_does_hold_canaries(service: Any) -> None:
    world, _, _ = await service(Planted)
    order = await world.front.shop.order_of("lucia-hernandez", "10002")
    assert CANARY in repr(order)
