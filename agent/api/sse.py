"""Server-sent events: their form on the wire, and the stream of a conversation."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from fastapi import Request
from fastapi.sse import EventSourceResponse, format_sse_event

from agent.casework.desk.events import DESK_ONLY, is_signal
from agent.casework.following import END, Following, Position, Read, position_of
from agent.casework.ports import Store
from agent.conversation import Conversation, Event
from agent.errors import Invalid

KEEP_ALIVE_S = 15.0
ALIVE = "alive"
"""Said into a silence. An event and not a comment, so that a page can tell a silent stream from a dead one."""
STREAM_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

_ID = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


def wants_stream(request: Request) -> bool:
    """Whether the caller asked for events rather than for one document."""
    return "text/event-stream" in request.headers.get("accept", "")


def event_response(frames: AsyncIterator[bytes], headers: Mapping[str, str] | None = None) -> EventSourceResponse:
    """A stream that no proxy holds back."""
    return EventSourceResponse(frames, headers={**STREAM_HEADERS, **(headers or {})})


def frame(event: Event) -> bytes:
    """An event as it is sent; what is not kept has no id to come back to."""
    return frame_of(event.type, event.data, None if is_signal(event) else event.id)


def frames_for_shopper(events: Iterable[Event]) -> list[bytes]:
    """Events as they are sent, without what is the desk's alone."""
    return [frame(event) for event in events if event.type not in DESK_ONLY]


def frame_of(kind: str, data: Mapping[str, Any], event_id: str | None) -> bytes:
    """``event:``, ``data:`` (JSON on one line) and ``id:``."""
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False), event=kind, id=event_id)


def read_event_id(given: str) -> Position:
    """``"5-2"`` as ``(5, 2)``. Raises ``Invalid``."""
    found = _ID.fullmatch(given)
    if found is None:
        raise Invalid("Last-Event-ID: an id as it was sent is wanted, such as 5-2.")
    return int(found[1]), int(found[2])


def reader(store: Store, conversation: Conversation) -> Read:
    """How the conversation's stored events are read."""

    async def read(after: Position) -> list[Event]:
        return list(await store.events_after(conversation.shop_id, conversation.id, after))

    return read


async def hear(live: AsyncIterator[Event]) -> Event | None:
    """The next event; None when there will be no more."""
    return await anext(live, None)


async def position_now(conversation: Conversation, read: Read) -> Position:
    """The end of what has happened: of a turn still at work, everything is yet to be told."""
    before = (conversation.seq - 1, END)
    stored = await read(before)
    return position_of(stored[-1]) if stored else before


async def follow(following: Following, live: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    """All that is stored past the last event told, then all that happens, until the shopper leaves."""
    for sent in frames_for_shopper(await following.catch_up()):
        yield sent
    heard = asyncio.ensure_future(hear(live))
    try:
        while True:
            await asyncio.wait({heard}, timeout=KEEP_ALIVE_S)
            if not heard.done():
                yield b"".join(frames_for_shopper(await following.catch_up())) or frame_of(ALIVE, {}, None)
                continue
            happened = heard.result()
            if happened is None:
                return
            heard = asyncio.ensure_future(hear(live))
            for sent in frames_for_shopper(await following.take(happened)):
                yield sent
    finally:
        heard.cancel()
