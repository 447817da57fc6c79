"""The shopper's word on a proposal."""

from __future__ import annotations

from enum import StrEnum

from fastapi import APIRouter, Request, Response

from agent.api.access import Own, count_move
from agent.api.documentation import WRITES, or_events
from agent.api.moves import answer_move
from agent.api.once import IdempotencyKey
from agent.api.parts import Parts
from agent.api.wire.turn import Turn
from agent.casework.receiving import Move
from agent.conversation import TurnKind
from agent.errors import NotFound

router = APIRouter(tags=["shopper"])


class Decision(StrEnum):
    """What the shopper may do with a proposal."""

    CONFIRM = "confirm"
    REJECT = "reject"
    UNDO = "undo"


@router.post(
    "/v1/conversations/{conversation_id}/actions/{action_id}/{decision}",
    response_model=Turn,
    responses=or_events(*WRITES),
)
async def decide(
    action_id: str, decision: Decision, own: Own, parts: Parts, request: Request, key: IdempotencyKey = None
) -> Response:
    """Confirm a proposal, reject it, or undo what was done.

    What is no longer possible is said in the reply and seen in the action's `status`; it is not an error.
    """
    await count_move(parts, own.conversation)
    file = await parts.services.store.case_file(own.caller.shop_id, own.conversation.id)
    if file is None or not any(action.id == action_id for action in file.actions):
        raise NotFound()
    return await answer_move(parts, request, own, Move(TurnKind(decision.value), action_id=action_id), key)
