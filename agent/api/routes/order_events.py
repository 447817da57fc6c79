"""What the shop's own systems tell us about orders."""

from __future__ import annotations

import json
from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from agent.api.documentation import problems
from agent.api.parts import ApiParts, Parts
from agent.api.webhook_signature import Signed, verify
from agent.api.wire.operations import EventKept
from agent.errors import Invalid, Unauthorized

router = APIRouter(tags=["operations"])

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "example": {"type": "order.shipped", "data": {"order": "10023"}},
            }
        },
    }
}
EventId = Annotated[str | None, Header(alias="webhook-id", max_length=200)]
Timestamp = Annotated[str | None, Header(alias="webhook-timestamp", max_length=20)]
Signature = Annotated[str | None, Header(alias="webhook-signature", max_length=2000)]
ShopId = Annotated[str | None, Query(max_length=100, description="Wanted when the service carries several shops.")]


@router.post(
    "/v1/events/orders",
    status_code=202,
    response_model=EventKept,
    responses=problems(401, 413, 422, 500),
    openapi_extra=_BODY,
)
async def keep(
    request: Request,
    parts: Parts,
    event_id: EventId = None,
    timestamp: Timestamp = None,
    signature: Signature = None,
    shop: ShopId = None,
) -> Response:
    """An order event, signed as Standard Webhooks has it. Delivered twice, it is kept once."""
    shop_id, secret = _shop(parts, shop)
    if not (event_id and timestamp and signature):
        raise Unauthorized("webhook-id, webhook-timestamp and webhook-signature are wanted.")
    body = await request.body()
    now = parts.services.clock()
    verify(Signed(event_id, timestamp, signature, body), secret, now)
    new = await parts.order_events.keep(shop_id, event_id, _payload(body), now)
    return JSONResponse({"id": event_id, "duplicate": not new}, 202)


def _shop(parts: ApiParts, wanted: str | None) -> tuple[str, str]:
    secrets = parts.event_secrets
    if wanted is None and len(secrets) == 1:
        return next(iter(secrets.items()))
    if wanted is None or wanted not in secrets:
        raise Unauthorized("No shop here takes order events under that name.")
    return wanted, secrets[wanted]


def _payload(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body, parse_constant=_refuse_constant)
        json.dumps(payload, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Invalid("The body is not JSON.") from None
    if not isinstance(payload, dict):
        raise Invalid("The body is not a JSON object.")
    return payload


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
