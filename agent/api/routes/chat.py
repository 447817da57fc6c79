"""``POST /v1/chat``: one call for everything."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from agent.api.access import Access, TokenHeader, claims_in, count_move, find_conversation
from agent.api.auth import Caller, Shopper
from agent.api.documentation import WRITES, or_events
from agent.api.moves import answer_move, frames, named, opening_headers, with_token
from agent.api.once import IdempotencyKey, answer_once, scoped_key
from agent.api.opening import open_for, open_once
from agent.api.parts import ApiParts, Parts
from agent.api.sse import event_response, wants_stream
from agent.api.turn_stream import TurnStream
from agent.api.wire.conversation import ChatIn
from agent.api.wire.turn import OpeningTurn
from agent.casework.opening import Opened
from agent.casework.receiving import Move
from agent.conversation import TurnKind

router = APIRouter(tags=["shopper"])


@router.post("/v1/chat", response_model=OpeningTurn, responses=or_events(*WRITES))
async def chat(
    body: ChatIn, caller: Shopper, parts: Parts, request: Request, token: TokenHeader = None, key: IdempotencyKey = None
) -> Response:
    """Say something, and get the answer.

    Without `conversation_id` a conversation is opened; its id and `token` are in the answer, and every later call
    sends them back. With `Accept: text/event-stream` the answer comes as events, the last one `done`, with the turn.
    """
    move = Move(TurnKind.MESSAGE, text=body.message, client_message_id=body.client_message_id)
    if body.conversation_id is None:
        return await _open_and_answer(parts, request, caller, body, move, key)
    conversation = await find_conversation(parts, caller, body.conversation_id, body.token or token)
    await count_move(parts, conversation)
    claims = claims_in(parts, caller, body.shopper_token)
    return await answer_move(parts, request, Access(caller, conversation), replace(move, claims=claims), key)


async def _open_and_answer(
    parts: ApiParts, request: Request, caller: Caller, body: ChatIn, move: Move, key: str | None
) -> Response:
    async def open_one() -> Opened:
        return await open_for(
            parts, request, caller, channel=body.channel, locale=body.locale, shopper_token=body.shopper_token
        )

    scoped = scoped_key(request, caller, key, None) if key else None
    if wants_stream(request):
        opened = await open_once(parts, request, caller, key, open_one)
        stream = TurnStream(parts, opened.conversation, named(move, scoped))
        return event_response(frames(stream, opened), opening_headers(opened))

    async def work() -> Response:
        opened = await open_one()
        turn = await parts.reception.receive(opened.conversation, named(move, scoped))
        return JSONResponse(with_token(turn, opened))

    return await answer_once(parts, request, caller.shop_id, scoped, work)
