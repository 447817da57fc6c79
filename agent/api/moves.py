"""A move of the shopper, answered with its turn or with the turn's events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import KEEPALIVE_COMMENT

from agent.api.access import Access
from agent.api.once import answer_once, hold_to_body, scoped_key
from agent.api.parts import ApiParts
from agent.api.sse import event_response, frame, wants_stream
from agent.api.turn_stream import TurnStream
from agent.casework.opening import Opened
from agent.casework.receiving import Move
from agent.conversation import Event, Json

ID_HEADER, TOKEN_HEADER = "X-Conversation-Id", "X-Conversation-Token"


async def answer_move(parts: ApiParts, request: Request, own: Access, move: Move, key: str | None) -> Response:
    """Make the move once, and answer as the caller asked: with a ``Turn``, or with a stream."""
    scoped = scoped_key(request, own.caller, key, own.conversation.id) if key else None
    move = named(move, scoped)
    if wants_stream(request):
        if key:
            await hold_to_body(parts, request, own.caller, key, own.conversation.id)
        return event_response(frames(TurnStream(parts, own.conversation, move)))

    async def work() -> Response:
        return JSONResponse(await parts.reception.receive(own.conversation, move))

    return await answer_once(parts, request, own.caller.shop_id, scoped, work)


def named(move: Move, scoped: str | None) -> Move:
    """The move with a name by which it is known when it comes again, although its answer was not kept."""
    return replace(move, client_message_id=move.client_message_id or (f"key:{scoped}" if scoped else None))


def opening_headers(opened: Opened) -> dict[str, str]:
    """The new conversation and the key to it, where a stream has no other place for them."""
    return {ID_HEADER: opened.conversation.id, TOKEN_HEADER: opened.token}


def with_token(turn: Json, opened: Opened | None) -> Json:
    """The turn, with the key to the conversation that it opened."""
    return turn if opened is None else {**turn, "token": opened.token}


async def frames(stream: TurnStream, opened: Opened | None = None) -> AsyncIterator[bytes]:
    """The turn's events as they are sent."""
    async for events in stream.events():
        sent = [frame(_opening(event, opened) if event.type == "done" else event) for event in events]
        yield b"".join(sent) or KEEPALIVE_COMMENT


def _opening(event: Event, opened: Opened | None) -> Event:
    return replace(event, data={**event.data, "turn": with_token(event.data["turn"], opened)})
