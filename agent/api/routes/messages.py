"""Messages: write one, read them all."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from agent.api.access import Own, count_move
from agent.api.documentation import READS, WRITES, or_events, problems
from agent.api.moves import answer_move
from agent.api.once import IdempotencyKey
from agent.api.parts import Parts
from agent.api.wire.conversation import History, MessageIn
from agent.api.wire.turn import Turn
from agent.casework.attachments import render_attachment
from agent.casework.receiving import Move
from agent.casework.transcripts import render_message
from agent.conversation import TurnKind

router = APIRouter(tags=["shopper"])

PATH = "/v1/conversations/{conversation_id}/messages"
LAST_SEQ = 2**31 - 1


@router.post(PATH, response_model=Turn, responses=or_events(*WRITES))
async def write(body: MessageIn, own: Own, parts: Parts, request: Request, key: IdempotencyKey = None) -> Response:
    """Say something, and get the answer: as one document, or as events with `Accept: text/event-stream`."""
    move = Move(TurnKind.MESSAGE, text=body.text, client_message_id=body.client_message_id)
    await count_move(parts, own.conversation)
    return await answer_move(parts, request, own, move, key)


@router.get(PATH, response_model=History, responses=problems(*READS))
async def read(
    own: Own,
    parts: Parts,
    after: Annotated[int, Query(ge=0, le=LAST_SEQ, description="Messages with a greater `seq`.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Response:
    """What was said, oldest first."""
    store = parts.services.store
    found = await store.messages_after(own.caller.shop_id, own.conversation.id, after, limit + 1)
    page = found[:limit]
    photos = await parts.attachments.of(own.caller.shop_id, own.conversation.id) if len(found) <= limit else ()
    return JSONResponse(
        {
            "messages": [render_message(message) for message in page],
            "next_after": page[-1].seq if len(found) > limit else None,
            "attachments": [render_attachment(own.conversation.id, one) for one in photos],
        }
    )
