"""The desk: what happens, as it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.sse import KEEPALIVE_COMMENT

from agent.api.access import Own
from agent.api.desk_parts import Moves, View, Who
from agent.api.documentation import EVENTS, READS, Responses, problems
from agent.api.limiting import count
from agent.api.parts import Parts
from agent.api.sse import event_response, frame, read_event_id
from agent.conversation import Event

router = APIRouter(tags=["desk"])

STREAM: Responses = {200: {"description": "Events, without end", "content": EVENTS}}
LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID", description="The last event seen; `0-0` for all from the start. Without it: from now on."
    ),
]


@router.get("/v1/desk/handoffs/{handoff_id}/events", response_class=Response, responses={**STREAM, **problems(*READS)})
async def case_events(handoff_id: str, person: Who, view: View, last_event_id: LastEventId = None) -> Response:
    """Everything in the case's conversation: what is said on both sides, typing, notes, whispers, actions."""
    after = read_event_id(last_event_id) if last_event_id else None
    conversation = await view.conversation_of(person, handoff_id)
    return event_response(_frames(view.follow(person, conversation.id, after)))


@router.get("/v1/desk/events", response_class=Response, responses={**STREAM, **problems(401, 403, 500)})
async def queue_events(person: Who, view: View) -> Response:
    """Cases as they come, change and go, each with its row. Not replayed: after a gap, read the queue."""
    return event_response(_frames(view.follow_queue(person)))


@router.post("/v1/conversations/{conversation_id}/typing", status_code=204, responses=problems(*READS, 429))
async def shopper_typing(own: Own, desk: Moves, parts: Parts) -> Response:
    """The person who has the case sees that the shopper writes; nothing is stored."""
    head = own.conversation
    await count(parts, "typing", f"{head.shop_id}:{head.id}", parts.rates.typing)
    await desk.shopper_typing(head)
    return Response(status_code=204)


async def _frames(events: AsyncIterator[Event | None]) -> AsyncIterator[bytes]:
    async for event in events:
        yield KEEPALIVE_COMMENT if event is None else frame(event)
