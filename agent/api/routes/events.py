"""What happens in a conversation, as it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response, Security

from agent.api.access import TokenHeader, find_conversation
from agent.api.auth import DESK, authenticate, bearer
from agent.api.documentation import EVENTS, READS, problems
from agent.api.parts import ApiParts, Parts
from agent.api.sse import event_response, follow, position_now, read_event_id, reader
from agent.casework.following import Following
from agent.conversation import Conversation
from agent.errors import Forbidden

router = APIRouter(tags=["shopper"])

EventId = Annotated[str | None, Query(max_length=40, description="As `Last-Event-ID`.", examples=["5-2"])]
HeaderEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID", description="The last event seen; `0-0` for all from the start. Without it: from now on."
    ),
]
QueryToken = Annotated[str | None, Query(max_length=200, description="As `X-Conversation-Token`.")]
QueryKey = Annotated[str | None, Query(max_length=200, description="As `Authorization`, for `pk_` keys only.")]


@router.get(
    "/v1/conversations/{conversation_id}/events",
    dependencies=[Security(bearer)],
    response_class=Response,
    responses={200: {"description": "Events, without end", "content": EVENTS}, **problems(*READS)},
)
async def events(
    conversation_id: str,
    request: Request,
    parts: Parts,
    header_token: TokenHeader = None,
    header_event_id: HeaderEventId = None,
    token: QueryToken = None,
    key: QueryKey = None,
    last_event_id: EventId = None,
) -> Response:
    """Every event past the last one seen, in order, then all that come. A browser's `EventSource` reconnects by itself.

    An `EventSource` cannot send headers, hence the query parameters. Into a silence of 15 seconds comes an `alive` without
    an id: a stream that says nothing for much longer is dead, even if it looks open.
    """
    caller = await authenticate(parts, request, key if key and key.startswith("pk_") else None)
    if caller.kind == DESK:
        raise Forbidden("This key is for the desk.")
    conversation = await find_conversation(parts, caller, conversation_id, header_token or token)
    seen = header_event_id or last_event_id
    after = read_event_id(seen) if seen else None
    return event_response(_stream(parts, conversation, after))


async def _stream(parts: ApiParts, conversation: Conversation, after: tuple[int, int] | None) -> AsyncIterator[bytes]:
    read = reader(parts.services.store, conversation)
    async with parts.services.bus.listen(conversation.id) as live:
        start = after if after is not None else await position_now(conversation, read)
        async for frame in follow(Following(read, start), live):
            yield frame
