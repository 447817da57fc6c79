"""Conversations: open, look at, erase."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from agent.api.access import Own
from agent.api.auth import Shopper
from agent.api.documentation import READS, WRITES, problems
from agent.api.once import IdempotencyKey, answer_once, scoped_key
from agent.api.opening import open_for
from agent.api.parts import Parts
from agent.api.wire.conversation import ConversationIn, Opened, State
from agent.casework.opening import disclosure
from agent.casework.rendering import render_action, render_handoff
from agent.conversation import CaseFile
from agent.errors import NotFound

router = APIRouter(tags=["shopper"])


@router.post("/v1/conversations", status_code=201, response_model=Opened, responses=problems(*WRITES))
async def open_one(
    body: ConversationIn, caller: Shopper, parts: Parts, request: Request, key: IdempotencyKey = None
) -> Response:
    """Open a conversation. Show `disclosure` before anything else; keep `token`, it is shown this once."""

    async def work() -> Response:
        opened = await open_for(
            parts,
            request,
            caller,
            channel=body.channel,
            locale=body.locale,
            shopper_token=body.shopper_token,
            metadata=body.metadata,
        )
        head = opened.conversation
        answer = {
            "id": head.id,
            "token": opened.token,
            "status": head.status.value,
            "disclosure": disclosure(parts.services, head.shop_id, head.language),
        }
        return JSONResponse(answer, 201)

    scoped = scoped_key(request, caller, key, None) if key else None
    return await answer_once(parts, request, caller.shop_id, scoped, work)


@router.get("/v1/conversations/{conversation_id}", response_model=State, responses=problems(*READS))
async def look(own: Own, parts: Parts) -> Response:
    """How the conversation stands: who answers, what waits for the shopper's word."""
    store = parts.services.store
    file = await store.case_file(own.caller.shop_id, own.conversation.id)
    if file is None:
        raise NotFound()
    head, handoff = file.conversation, file.open_handoff
    position = await store.queue_position(head.shop_id, handoff.id) if handoff else 0
    wait = await parts.desk_view.expected_wait(head.shop_id, handoff, position) if handoff else None
    return JSONResponse(
        {
            "id": head.id,
            "status": head.status.value,
            "language": head.language,
            "channel": head.channel,
            "created_at": head.created_at.isoformat(),
            "updated_at": head.updated_at.isoformat(),
            "identity_level": head.identity_level,
            "asks": list(head.asked),
            "actions": [render_action(action) for action in file.pending],
            "cards": await _open_cards(parts, file),
            "handoff": render_handoff(handoff, position, wait) if handoff else None,
        }
    )


async def _open_cards(parts: Parts, file: CaseFile) -> list[Any]:
    """The cards of the last reply, without proposals that no longer wait."""
    turn_id = file.messages[-1].turn_id if file.messages else None
    turn = await parts.services.store.turn(file.conversation.shop_id, turn_id) if turn_id else None
    waiting = {action.id for action in file.pending}
    cards = (turn.result or {}).get("cards", []) if turn else []
    return [card for card in cards if card["type"] != "confirmation" or card["action"] in waiting]


@router.delete("/v1/conversations/{conversation_id}", status_code=204, responses=problems(*READS))
async def erase(own: Own, parts: Parts) -> Response:
    """Erase the conversation and all that belongs to it, for good."""
    if not await parts.services.store.erase(own.caller.shop_id, own.conversation.id):
        raise NotFound()
    await parts.attachments.erase(own.caller.shop_id, own.conversation.id)
    return Response(status_code=204)
