"""``POST /v1/chat/completions``: the same conversation for whoever speaks OpenAI's protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from agent.api.access import TokenHeader, claims_in, count_move, find_conversation
from agent.api.auth import Caller, Shopper
from agent.api.completions import Chunks, completion_of, said_in
from agent.api.documentation import READS, WRITES, or_events, problems
from agent.api.moves import named, opening_headers, with_token
from agent.api.once import IdempotencyKey, answer_once, hold_to_body, scoped_key
from agent.api.opening import open_for, open_once
from agent.api.parts import ApiParts, Parts
from agent.api.sse import event_response
from agent.api.turn_stream import TurnStream
from agent.api.wire.completions import MODEL, THE_MODEL, Completion, CompletionIn, Model, Models
from agent.casework.opening import Opened
from agent.casework.receiving import Move
from agent.conversation import Conversation, TurnKind
from agent.errors import NotFound

router = APIRouter(tags=["shopper"])

IdHeader = Annotated[
    str | None, Header(alias="X-Conversation-Id", max_length=100, description="Goes on there; without it, a new one.")
]
ShopperHeader = Annotated[
    str | None,
    Header(
        alias="X-Shopper-Token",
        pattern=r"^[\x21-\x7e]{1,4000}$",
        description="Who the shopper is, signed by the storefront.",
    ),
]


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

    The last message, the user's, is the text; history is kept here, not read from the request. A new conversation's id and
    token come back as `X-Conversation-Id` and `X-Conversation-Token`; send them with every later call.
    """
    move = Move(TurnKind.MESSAGE, text=said_in(body))
    found = None
    if conversation_id is not None:
        found = await find_conversation(parts, caller, conversation_id, token)
        await count_move(parts, found)
        move = replace(move, claims=claims_in(parts, caller, shopper_token))
    entry = _Entry(parts, request, caller, found, shopper_token)
    completion_id, created = parts.services.new_id("cmpl"), int(parts.services.clock().timestamp())
    scoped = scoped_key(request, caller, key, conversation_id) if key else None
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        return await _stream(entry, named(move, scoped), Chunks(completion_id, created, with_usage), key)

    async def work() -> Response:
        conversation, opened = await entry.enter()
        turn = with_token(await parts.reception.receive(conversation, named(move, scoped)), opened)
        headers = opening_headers(opened) if opened else None
        return JSONResponse(completion_of(turn, completion_id, created), headers=headers)

    return await answer_once(parts, request, caller.shop_id, scoped, work)


@router.get("/v1/models", response_model=Models, responses=problems(*READS))
async def list_models(caller: Shopper) -> Models:  # noqa: ARG001  only whoever may ask sees it
    """The one model there is, for clients that look before they ask."""
    return Models(object="list", data=[THE_MODEL])


@router.get("/v1/models/{model}", response_model=Model, responses=problems(*READS))
async def show_model(model: str, caller: Shopper) -> Model:  # noqa: ARG001
    """The model, by its name."""
    if model != MODEL:
        raise NotFound()
    return THE_MODEL


async def _stream(entry: _Entry, move: Move, chunks: Chunks, key: str | None) -> Response:
    conversation, opened = await entry.enter(key)
    frames = chunks.frames(TurnStream(entry.parts, conversation, move))
    return event_response(frames, opening_headers(opened) if opened else None)


@dataclass(frozen=True, slots=True)
class _Entry:
    """The conversation that the caller has shown to be theirs, or a new one."""

    parts: ApiParts
    request: Request
    caller: Caller
    found: Conversation | None
    shopper_token: str | None

    async def enter(self, key: str | None = None) -> tuple[Conversation, Opened | None]:
        if self.found is not None:
            if key:
                await hold_to_body(self.parts, self.request, self.caller, key, self.found.id)
            return self.found, None
        opened = await open_once(self.parts, self.request, self.caller, key, self._open)
        return opened.conversation, opened

    async def _open(self) -> Opened:
        return await open_for(self.parts, self.request, self.caller, channel="api", shopper_token=self.shopper_token)
