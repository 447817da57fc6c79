"""A new conversation, for whoever calls."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import JSONResponse

from agent.api.access import claims_in
from agent.api.auth import Caller
from agent.api.limiting import count
from agent.api.once import address_of, answer_once, scoped_key
from agent.api.parts import ApiParts
from agent.casework.opening import Opened, open_conversation
from agent.conversation import Json
from agent.errors import NotFound


async def open_for(
    parts: ApiParts,
    request: Request,
    caller: Caller,
    *,
    channel: str,
    locale: str | None = None,
    shopper_token: str | None = None,
    metadata: Json | None = None,
) -> Opened:
    """Open it. Raises ``TooMany``, and ``Unauthorized`` for a shopper token that is not good.

    What a storefront gives along is kept apart: our own metadata says who the shopper is.
    """
    await count(parts, "opening", f"{caller.shop_id}:{caller.kind}:{address_of(request)}", parts.rates.opening)
    return await open_conversation(
        parts.services,
        caller.shop_id,
        locale=locale,
        channel=channel,
        claims=claims_in(parts, caller, shopper_token),
        metadata={"storefront": dict(metadata)} if metadata else {},
    )


async def open_once(
    parts: ApiParts, request: Request, caller: Caller, key: str | None, opening: Callable[[], Awaitable[Opened]]
) -> Opened:
    """The conversation of a stream: the same one for the same ``Idempotency-Key``, whose turn is then told again.

    Raises what ``answer_once`` and ``opening`` do, and ``NotFound`` when it was erased meanwhile.
    """
    if key is None:
        return await opening()

    async def work() -> JSONResponse:
        opened = await opening()
        return JSONResponse({"id": opened.conversation.id, "token": opened.token})

    scoped = scoped_key(request, caller, f"stream {key}", None)
    told = json.loads(bytes((await answer_once(parts, request, caller.shop_id, scoped, work)).body))
    found = await parts.services.store.find(caller.shop_id, told["id"])
    if found is None:
        raise NotFound()
    return Opened(found[0], told["token"])
