"""The desk: which cases wait for a person, and what is known of each."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from agent.api.auth import Desk
from agent.api.documentation import READS, problems
from agent.api.parts import Parts
from agent.api.wire.operations import DeskCase, DeskQueue
from agent.casework.rendering import render_handoff
from agent.conversation import Handoff, HandoffStatus
from agent.errors import NotFound

router = APIRouter(prefix="/v1/desk", tags=["desk"])


@router.get("/handoffs", response_model=DeskQueue, responses=problems(401, 403, 422, 500))
async def queue(
    caller: Desk,
    parts: Parts,
    status: HandoffStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """The shop's cases, in one status or in all."""
    found = await parts.services.store.handoffs(caller.shop_id, status.value if status else None, limit)
    return JSONResponse({"handoffs": [_row(handoff) for handoff in found]})


@router.get("/handoffs/{handoff_id}", response_model=DeskCase, responses=problems(*READS))
async def case(handoff_id: str, caller: Desk, parts: Parts) -> Response:
    """One case, with its packet: the transcript, the facts, the orders, what was tried."""
    store = parts.services.store
    found = await store.handoff(caller.shop_id, handoff_id)
    if found is None:
        raise NotFound()
    position = await store.queue_position(caller.shop_id, found.id)
    return JSONResponse({**_row(found), "position": position, "packet": dict(found.packet)})


def _row(handoff: Handoff) -> dict[str, Any]:
    shown = render_handoff(handoff, 0)
    return {
        "id": handoff.id,
        "conversation_id": handoff.conversation_id,
        "status": shown["status"],
        "queue": handoff.queue,
        "priority": handoff.priority,
        "language": handoff.language,
        "reasons": shown["reasons"],
        "created_at": handoff.created_at.isoformat(),
        "promised_by": shown["promised_by"],
        "claimed_by": handoff.claimed_by,
        "claimed_at": handoff.claimed_at.isoformat() if handoff.claimed_at else None,
        "closed_at": handoff.closed_at.isoformat() if handoff.closed_at else None,
        "outcome": handoff.outcome,
        "notes": handoff.notes,
    }
