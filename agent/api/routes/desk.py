"""The desk: which cases wait for a person, what is known of each, and help with it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from agent.api.desk_parts import LocaleQuery, View, Who
from agent.api.documentation import READS, problems
from agent.api.parts import Parts
from agent.api.wire.desk import DeskCase, DeskQueue, LiveConversations, Passages, Suggestions
from agent.casework.attachments import render_attachment
from agent.conversation import HandoffStatus

router = APIRouter(prefix="/v1/desk", tags=["desk"])

LISTS = (401, 403, 422, 500)
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/handoffs", response_model=DeskQueue, responses=problems(*LISTS))
async def queue(
    person: Who,
    view: View,
    status: HandoffStatus | None = None,
    queue: Annotated[str | None, Query(max_length=40)] = None,
    mine: bool = False,
    limit: Limit = 100,
) -> Response:
    """The shop's cases, in one status or in all; `mine` are those one has claimed."""
    statuses = (status.value,) if status else ()
    rows = await view.queue(person, statuses=statuses, queue=queue, mine=mine, limit=limit)
    return JSONResponse({"handoffs": rows})


@router.get("/handoffs/{handoff_id}", response_model=DeskCase, responses=problems(*READS))
async def case(handoff_id: str, person: Who, view: View, parts: Parts, locale: LocaleQuery = None) -> Response:
    """One case, with its packet in one's own language: what was said, found, tried and felt, and what to do next.

    `packet.photos` are those the shopper sent, each with the address from which the desk's key saves it.
    """
    row = await view.case(person, handoff_id, locale)
    sent = await parts.attachments.of(person.shop_id, row["conversation_id"])
    photos = [render_attachment(row["conversation_id"], one) for one in sent]
    return JSONResponse({**row, "packet": {**row["packet"], "photos": photos}})


@router.get("/handoffs/{handoff_id}/suggestions", response_model=Suggestions, responses=problems(*READS))
async def suggestions(handoff_id: str, person: Who, view: View, locale: LocaleQuery = None) -> Response:
    """Replies to edit and send, in the shopper's language, with where they come from; the rest is in one's own."""
    return JSONResponse(await view.suggestions(person, handoff_id, locale))


@router.get("/conversations", response_model=LiveConversations, responses=problems(*LISTS))
async def live_conversations(person: Who, view: View, live: bool = True, limit: Limit = 100) -> Response:  # noqa: ARG001  there is no other view yet
    """For a lead: every conversation of the last two hours, the agent's too."""
    return JSONResponse({"conversations": await view.live(person, limit)})


@router.get("/search", response_model=Passages, responses=problems(*LISTS))
async def search(
    person: Who, view: View, q: Annotated[str, Query(min_length=1, max_length=500)], locale: LocaleQuery = None
) -> Response:
    """What the help articles say about it."""
    return JSONResponse({"passages": await view.search(person, q, locale)})
