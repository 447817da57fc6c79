"""The conversation of this caller. A stranger's conversation equals no conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from agent.api.auth import BACK_END, Caller, Shopper
from agent.api.limiting import count
from agent.api.parts import ApiParts, Parts
from agent.api.shopper_token import read_shopper_token
from agent.casework.capsule import opens
from agent.casework.front import ShopperClaims
from agent.casework.opening import check_token
from agent.conversation import Conversation
from agent.errors import NotFound

LONGEST_ID = 100

TokenHeader = Annotated[
    str | None,
    Header(alias="X-Conversation-Token", description="What opening the conversation answered as `token`."),
]


@dataclass(frozen=True, slots=True)
class Access:
    """A conversation that the caller has shown to be theirs."""

    caller: Caller
    conversation: Conversation


async def find_conversation(parts: ApiParts, caller: Caller, conversation_id: str, token: str | None) -> Conversation:
    """The shop's conversation. Raises ``NotFound`` alike for an unknown id and for a wrong or missing token.

    A back end of the shop may leave the token out; a wrong one is wrong for it too.
    """
    if len(conversation_id) > LONGEST_ID:
        raise NotFound()
    found = await parts.services.store.find(caller.shop_id, conversation_id)
    if found is None:
        raise NotFound()
    conversation, token_hash = found
    if token is None and caller.kind == BACK_END:
        return conversation
    if token is None or not (check_token(token_hash, token) or _came_by_mail(parts, conversation, token)):
        raise NotFound()
    return conversation


def _came_by_mail(parts: ApiParts, conversation: Conversation, token: str) -> bool:
    """Whether it is the sealed token of a case that was mailed."""
    services = parts.services
    return opens(services.secret, conversation.shop_id, conversation.id, token, services.clock())


async def own_conversation(conversation_id: str, caller: Shopper, parts: Parts, token: TokenHeader = None) -> Access:
    """The conversation named in the path."""
    return Access(caller, await find_conversation(parts, caller, conversation_id, token))


async def count_move(parts: ApiParts, conversation: Conversation) -> None:
    """Raises ``TooMany`` when the shopper does too much at once."""
    await count(parts, "moves", f"{conversation.shop_id}:{conversation.id}", parts.rates.moves)


def claims_in(parts: ApiParts, caller: Caller, token: str | None) -> ShopperClaims | None:
    """Who the shopper is by the storefront's word. Raises ``Unauthorized`` for a token that is not good."""
    if token is None:
        return None
    return read_shopper_token(token, parts.shopper_secrets.get(caller.shop_id), parts.services.clock())


Own = Annotated[Access, Depends(own_conversation)]
