"""What people at Chatwoot do, as its webhooks tell it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from agent.api.background import in_background
from agent.api.documentation import problems
from agent.api.parts import Parts
from agent.api.wire.outbox import Heard
from agent.errors import NotFound

router = APIRouter(tags=["desk"])

PATIENCE_S = 3.0
"""Chatwoot gives up after five seconds and shows its people that their message failed."""

_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}


@router.post(
    "/v1/desks/chatwoot/webhook",
    response_model=Heard,
    responses=problems(401, 404, 413, 422, 500),
    openapi_extra=_BODY,
)
async def hear(
    request: Request,
    parts: Parts,
    token: Annotated[str | None, Query(max_length=200, description="For a Chatwoot that does not sign yet.")] = None,
) -> Response:
    """A webhook of Chatwoot, signed by it. Its move is stored first: when it takes longer it is made all the same."""
    if parts.chatwoot is None:
        raise NotFound()
    body = await request.body()
    work = in_background(parts.chatwoot.hear(request.headers, token, body, parts.services.clock()))
    done, _ = await asyncio.wait({work}, timeout=PATIENCE_S)
    return JSONResponse({"heard": work.result()} if done else {"heard": True}, 200 if done else 202)
