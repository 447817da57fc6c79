"""A new conversation, for whoever calls."""

from __future__ import annotations

import structlog
from fastapi import Request

from agent.api.access import claims_in
from agent.api.auth import Caller
from agent.api.limiting import count
from agent.api.once import address_of
from agent.api.parts import ApiParts
from agent.api.wire.conversation import ConversationIn
from agent.casework.opening import Opened, open_conversation
from tools.shop.errors import ShopError

log = structlog.get_logger("postventa.http")


async def open_for(parts: ApiParts, request: Request, caller: Caller, wanted: ConversationIn) -> Opened:
    """Open it. Raises ``TooMany``, and ``Unauthorized`` for a shopper token that is not good.

    While the order system does not answer, a signed-in shopper starts as anybody does: they can still write, and
    still reach a person.
    """
    await count(parts, "opening", f"{caller.shop_id}:{caller.kind}:{address_of(request)}", parts.rates.opening)
    claims = claims_in(parts, caller, wanted.shopper_token)
    given = {"storefront": dict(wanted.metadata)} if wanted.metadata else {}
    try:
        return await open_conversation(
            parts.services,
            caller.shop_id,
            locale=wanted.locale,
            channel=wanted.channel,
            claims=claims,
            metadata=given,
        )
    except ShopError as error:
        log.warning("opened_unidentified", shop=caller.shop_id, code=error.code)
        return await open_conversation(
            parts.services, caller.shop_id, locale=wanted.locale, channel=wanted.channel, metadata=given
        )
