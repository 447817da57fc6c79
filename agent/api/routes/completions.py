"""``POST /v1/chat/completions``: the same conversation for whoever speaks OpenAI's protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from agent.api.access import TokenHeader, claims_in, count_move, find_conversation
from agent.api.auth import Caller, Shopper
from agent.api.completions import Chunks, completion_of, said_in
from agent.api.documentation import WRITES, or_events
from agent.api.moves import named, opening_headers
from agent.api.once import IdempotencyKey, answer_once, scoped_key
from agent.api.opening import open_for
from agent.api.parts import ApiParts, Parts
from agent.api.sse import event_response
from agent.api.turn_stream import TurnStream
from agent.api.wire.completions import Completion, CompletionIn
from agent.api.wire.conversation import ConversationIn
from agent.casework.opening import Opened
from agent.casework.receiving import Move
from agent.conversation import Conversation, TurnKind

router = APIRouter(tags=["shopper"])

IdHeader = Annotated[
    str | None, Header(alias="X-Conversation-Id", max_length=100, description="Goes on there; without it, a new one.")
]
ShopperHeader = Annotated[
    str | None,
    Header(alias="X-Shopper-Token", max_length=4000, description="Who the shopper is, signed by the storefront."),
]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where the reply is to be given, and how to find or open it."""

    parts: ApiParts
    request: Request
    caller: Caller
    conversation_id: str | None
    token: str | None
    shopper_token: str | None

    async def enter(self) -> tuple[Conversation, Opened | None]:
        parts, caller = self.parts, self.caller
        if self.conversation_id is None:
            wanted = ConversationIn(channel="api", shopper_token=self.shopper_token)
            opened = await open_for(parts, self.request, caller, wanted)
            return opened.conversation, opened
        conversation = await find_conversation(parts, caller, self.conversation_id, self.token)
        await count_move(parts, conversation)
        claims_in(parts, caller, self.shopper_token)
        return conversation, None


@router.post("/v1/chat/completions", response_model=Completion, responses=or_events(*WRITES))
async def complete(
    body: CompletionIn,
    caller: Shopper,
    parts: Parts,
    request: Request,
    conversation_id: IdHeader = None,
    token: TokenHeader = None,
    shopper_token: ShopperHeader = None,
    key: IdempotencyKey = None,
) -> Response:
    """The next reply, in OpenAI's form.

    The last `user` message is the text; history is kept here, not read from the request. A new conversation's id and
    token come back as `X-Conversation-Id` and `X-Conversation-Token`; send them with every later call.
    """
    move = Move(TurnKind.MESSAGE, text=said_in(body))
    entry = _Entry(parts, request, caller, conversation_id, token, shopper_token)
    services = parts.services
    completion_id, created = services.new_id("cmpl"), int(services.clock().timestamp())
    if body.stream:
        conversation, opened = await entry.enter()
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        chunks = Chunks(completion_id, created, with_usage).frames(TurnStream(parts, conversation, move))
        return event_response(chunks, opening_headers(opened) if opened else None)
    scoped = scoped_key(request, caller, key, conversation_id) if key else None

    async def work() -> Response:
        conversation, opened = await entry.enter()
        turn = await parts.reception.receive(conversation, named(move, scoped))
        headers = opening_headers(opened) if opened else None
        return JSONResponse(completion_of(turn, completion_id, created), headers=headers)

    return await answer_once(parts, request, caller.shop_id, scoped, work)
