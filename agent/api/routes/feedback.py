"""What the shopper thinks of it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from agent.api.access import Own
from agent.api.documentation import WRITES, problems
from agent.api.limiting import count
from agent.api.once import IdempotencyKey, answer_once, scoped_key
from agent.api.parts import Parts
from agent.api.wire.conversation import FeedbackIn
from agent.errors import Invalid

router = APIRouter(tags=["shopper"])


@router.post("/v1/conversations/{conversation_id}/feedback", status_code=204, responses=problems(*WRITES))
async def rate(body: FeedbackIn, own: Own, parts: Parts, request: Request, key: IdempotencyKey = None) -> Response:
    """Keep a rating, an answer to "would you recommend us", whether it is resolved, or a comment."""
    given = body.model_dump(exclude_none=True)
    if not given:
        raise Invalid("One of rating, nps, resolved and comment is wanted.")
    shop_id, conversation_id = own.caller.shop_id, own.conversation.id
    await count(parts, "feedback", f"{shop_id}:{conversation_id}", parts.rates.feedback)

    async def work() -> Response:
        services = parts.services
        await services.store.keep_feedback(shop_id, conversation_id, given, services.clock())
        return Response(status_code=204)

    scoped = scoped_key(request, own.caller, key, conversation_id) if key else None
    return await answer_once(parts, request, shop_id, scoped, work)
