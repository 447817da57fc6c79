"""The desk: who is there, and what waits for somebody with authority."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from agent.api.desk_parts import Moves, OnceOnly, View, Who
from agent.api.documentation import WRITES, problems
from agent.api.wire.desk import (
    ColleagueOut,
    Colleagues,
    DecidedOut,
    DecisionIn,
    ExceptionsOut,
    PresenceIn,
)
from agent.conversation import ActionStatus

router = APIRouter(prefix="/v1/desk", tags=["desk"])

LISTS = (401, 403, 422, 500)


@router.get("/people", response_model=Colleagues, responses=problems(*LISTS))
async def people(person: Who, view: View) -> Response:
    """Everybody who was ever at the desk, with what they hold."""
    return JSONResponse({"people": await view.people(person)})


@router.get("/presence", response_model=ColleagueOut, responses=problems(*LISTS))
async def presence(person: Who, view: View) -> Response:
    """What the desk knows of oneself."""
    return JSONResponse(await view.presence(person))


@router.put("/presence", response_model=ColleagueOut, responses=problems(400, 401, 403, 413, 422, 500))
async def be_present(body: PresenceIn, person: Who, desk: Moves, view: View) -> Response:
    """Say whether one takes cases. Said again every minute; five minutes of silence count as having left."""
    await desk.set_presence(person, body.status, body.capacity, body.queues, body.languages)
    return JSONResponse(await view.presence(person))


@router.get("/actions", response_model=ExceptionsOut, responses=problems(*LISTS))
async def actions(
    person: Who,
    view: View,
    status: ActionStatus = ActionStatus.NEEDS_PERSON,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Response:
    """Changes that policy left to a person; the shopper has said yes to each of them."""
    return JSONResponse({"actions": await view.actions(person, status.value, limit)})


@router.post("/actions/{action_id}/approve", response_model=DecidedOut, responses=problems(*WRITES))
async def approve(action_id: str, body: DecisionIn, person: Who, desk: Moves, once: OnceOnly) -> Response:
    """Allow it and have it done, once. `over-limit` when one's role may not; the shopper reads what came of it."""

    async def work(key: str | None) -> Any:
        return (await desk.approve(person, action_id, body.note, request_id=key))["action"]

    return await once.answer(work)


@router.post("/actions/{action_id}/decline", response_model=DecidedOut, responses=problems(*WRITES))
async def decline(action_id: str, body: DecisionIn, person: Who, desk: Moves, once: OnceOnly) -> Response:
    """Refuse it. The shopper is told, without the note."""

    async def work(key: str | None) -> Any:
        return (await desk.decline(person, action_id, body.note, request_id=key))["action"]

    return await once.answer(work)
