"""What a page hears: that something changed, never what. It reads the page again, which is escaped and authorised as ever."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from agent.casework.desk.events import HUMAN_TYPING, SHOPPER_TYPING
from agent.casework.desk.ports import Presence
from agent.console.parts import ConsoleParts
from agent.console.sessions import Session, hash_token
from agent.conversation import Event
from agent.errors import NotFound

TYPING = frozenset({SHOPPER_TYPING, HUMAN_TYPING})
NOT_TOLD = frozenset({"turn.started", "tool.started", "tool.finished", "message.delta"})
BEAT_S = 45.0
KEPT = 200

Heard = tuple[str, Event | None]


async def stream(parts: ConsoleParts, session: Session, conversation_id: str) -> AsyncIterator[bytes]:
    """``queue``, ``case`` and ``typing`` events until the page is left or the session ends.

    As long as it is heard, its person counts as there.
    """
    heard: asyncio.Queue[Heard] = asyncio.Queue(KEPT)
    person = session.person
    listening = [asyncio.create_task(_hear("queue", parts.view.follow_queue(person), heard))]
    if conversation_id:
        listening.append(asyncio.create_task(_hear("case", parts.view.follow(person, conversation_id), heard)))
    try:
        yield _frame("open", {})
        while await _is_here(parts, session):
            async for frame in _until_beat(heard):
                yield frame
    finally:
        for one in listening:
            one.cancel()


async def _hear(kind: str, events: AsyncIterator[Event | None], heard: asyncio.Queue[Heard]) -> None:
    """A conversation that was erased in the meantime is heard no more. A page too slow to keep up waits, and then reads."""
    with suppress(NotFound):
        async for event in events:
            await heard.put((kind, event))


async def _until_beat(heard: asyncio.Queue[Heard]) -> AsyncIterator[bytes]:
    end = asyncio.get_running_loop().time() + BEAT_S
    while (left := end - asyncio.get_running_loop().time()) > 0:
        try:
            kind, event = await asyncio.wait_for(heard.get(), left)
        except TimeoutError:
            return
        if event is None:
            yield KEEPALIVE_COMMENT
        elif event.type not in NOT_TOLD:
            yield _told(kind, event)


def _told(kind: str, event: Event) -> bytes:
    if event.type in TYPING:
        return _frame("typing", {"person": event.data.get("person")})
    if kind == "case":
        return _frame("case", {"type": event.type})
    told = {name: event.data.get(name) for name in ("id", "customer", "claimed_by", "status")}
    return _frame("queue", {"type": event.type, **told})


async def _is_here(parts: ConsoleParts, session: Session) -> bool:
    """Whether the session goes on; if so, say for its person that they are there, as they themselves last put it."""
    if await parts.credentials.signed_in(hash_token(session.token), parts.services.clock()) is None:
        return False
    known = await parts.view.presence(session.person)
    await parts.desk.set_presence(session.person, Presence(known["status"]))
    return True


def _frame(kind: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False), event=kind)
