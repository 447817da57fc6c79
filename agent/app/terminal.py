"""The same conversation in a terminal: every line goes the whole way a message over HTTP goes."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from agent.app.assembly import Parts, assemble, wall_clock
from agent.app.demo import SHOP_ID, open_demo
from agent.app.importing import make_data_dir
from agent.app.logging import configure_logging
from agent.casework.front import ShopperClaims
from agent.casework.opening import Opened, disclosure, open_conversation
from agent.casework.receiving import Move
from agent.conversation import Json, TurnKind
from agent.errors import PostventaError
from agent.settings import Settings


async def run_terminal(settings: Settings, customer: str, locale: str) -> None:
    """Until the end of input. One-time codes of the demo are shown as they are sent."""
    configure_logging("ERROR")
    async with AsyncExitStack() as stack:
        make_data_dir(settings)
        front = await open_demo(settings, wall_clock, stack)
        parts = await assemble(settings, stack, storefronts={SHOP_ID: front})
        claims = ShopperClaims(customer) if customer else None
        opened = await open_conversation(parts.services, SHOP_ID, locale=locale, channel="terminal", claims=claims)
        print(disclosure(parts.services, SHOP_ID, opened.conversation.language))  # noqa: T201
        while (line := await asyncio.to_thread(_ask)) is not None:
            if line.strip():
                await _turn(parts, opened, line)


def _ask() -> str | None:
    try:
        return input("\n› ")
    except EOFError:
        return None


async def _turn(parts: Parts, opened: Opened, line: str) -> None:
    found = await parts.services.store.find(SHOP_ID, opened.conversation.id)
    if found is None:
        return
    seen = len(await parts.storing.outbox.read_outbox(SHOP_ID, 50))
    try:
        answer = await parts.reception.receive(found[0], Move(TurnKind.MESSAGE, text=line[:4000]))
    except PostventaError as error:
        print(f"[{error.title}] {error.detail}")  # noqa: T201
        return
    _show(answer)
    mails = await parts.storing.outbox.read_outbox(SHOP_ID, 50)
    for mail in mails[: len(mails) - seen]:
        print(f"  ✉ {mail.to}: {mail.text}")  # noqa: T201


def _show(answer: Json) -> None:
    if answer["reply"] is not None:
        print(f"\n{answer['reply']['text']}")  # noqa: T201
    for tool in answer["tools"]:
        print(f"  · {tool['name']} {'✓' if tool['ok'] else '✗'} {tool['ms']} ms")  # noqa: T201
    if answer["handoff"]:
        print(f"  ☎ {answer['handoff']['status']} {answer['handoff']['id']}")  # noqa: T201
