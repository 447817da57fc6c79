"""The figures."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime

from agent.api.auth import Office
from agent.api.documentation import problems
from agent.api.parts import Parts
from agent.api.wire.operations import KpisOut
from agent.errors import Invalid

router = APIRouter(tags=["operations"])

MONTH = timedelta(days=30)


@router.get("/v1/kpis", response_model=KpisOut, responses=problems(401, 403, 422, 500))
async def kpis(
    caller: Office,
    parts: Parts,
    start: Annotated[AwareDatetime | None, Query(alias="from", description="The last 30 days by default.")] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to", description="Not included; now by default.")] = None,
) -> Response:
    """What was opened, answered, handed over, done and rated between two instants."""
    try:
        until = (end or parts.services.clock()).astimezone(UTC)
        since = start.astimezone(UTC) if start else until - MONTH
    except OverflowError:
        raise Invalid("from, to: there is no such time.") from None
    if since >= until:
        raise Invalid("from: has to be before to.")
    figures = await parts.kpis.between(caller.shop_id, since, until)
    return JSONResponse({"start": since.isoformat(), "end": until.isoformat(), **figures})
