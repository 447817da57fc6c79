"""The one stream of a page."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.sse import EventSourceResponse

from agent.console.answering import PageRoute
from agent.console.parts import Parts
from agent.console.sessions import SignedInAs
from agent.console.streaming import stream

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)


@router.get("/stream")
async def events(parts: Parts, session: SignedInAs, conversation: str = "") -> Response:
    """The queue's events, and those of the conversation that is open."""
    frames = stream(parts, session, conversation)
    return EventSourceResponse(frames, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
