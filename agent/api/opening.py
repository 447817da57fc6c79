"""A new conversation, for whoever calls."""

from __future__ import annotations

from fastapi import Request

from agent.api.access import claims_in
from agent.api.auth import Caller
from agent.api.limiting import count
from agent.api.once import address_of
from agent.api.parts import ApiParts
from agent.casework.opening import Opened, open_conversation
from agent.conversation import Json


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
