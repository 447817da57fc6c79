"""The "talk to a person" button."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from agent.api.access import Own
from agent.api.documentation import WRITES, or_events
from agent.api.limiting import count
from agent.api.moves import answer_move
from agent.api.once import IdempotencyKey
from agent.api.parts import Parts
from agent.api.wire.turn import Turn
from agent.casework.receiving import Move
from agent.conversation import TurnKind

router = APIRouter(tags=["shopper"])


@router.post("/v1/conversations/{conversation_id}/handoff", response_model=Turn, responses=or_events(*WRITES))
async def ask_for_a_person(own: Own, parts: Parts, request: Request, key: IdempotencyKey = None) -> Response:
    """Get a person. The answer's `handoff` says who is asked and until when; nothing can stand in the way of it."""
    head = own.conversation
    await count(parts, "handoff", f"{head.shop_id}:{head.id}", parts.rates.handoff)
    return await answer_move(parts, request, own, Move(TurnKind.HANDOFF), key)
