"""One request to ``/mcp``: whose it is, and the conversation in which what it does is kept."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from fastapi import Request

from agent.api.access import claims_in, count_move, find_conversation
from agent.api.auth import DESK, Caller, authenticate
from agent.api.limiting import count
from agent.api.once import address_of
from agent.api.opening import open_for
from agent.api.parts import ApiParts
from agent.casework.front import ShopperClaims
from agent.casework.opening import Opened, standing_conversation
from agent.conversation import Conversation
from agent.errors import Forbidden, Unauthorized

CHANNEL = "mcp"
LONGEST_TOKEN = 4000


@dataclass(slots=True)
class Visit:
    """The caller with the shopper's credentials, as headers brought them.

    A conversation's id and token lead to that conversation; a shopper token alone to one that stands for it, the same on
    every replica and for as long as the token is the same; neither of them to a new one, in which nobody is known.
    ``opened`` tells of a conversation whose token the caller may not have.
    """

    parts: ApiParts
    request: Request
    caller: Caller
    found: Conversation | None
    claims: ShopperClaims | None
    opened: Opened | None = None

    @property
    def principal(self) -> str:
        """Whose request this is, for binding what goes out to what comes back; holds no secret in the clear."""
        headers = self.request.headers
        who = (headers.get("x-conversation-id", ""), headers.get("x-shopper-token", ""))
        bound = "\n".join((self.caller.shop_id, self.caller.kind, self.caller.name, *who))
        return sha256(bound.encode("utf-8", "surrogatepass")).hexdigest()

    async def enter(self) -> Conversation:
        """The conversation to act in, opened when there is none. Raises ``TooMany``."""
        if self.found is None:
            self.found = await self._open()
        await count_move(self.parts, self.found)
        return self.found

    async def _open(self) -> Conversation:
        token = self.request.headers.get("x-shopper-token")
        locale = self.request.headers.get("accept-language", "").split(",")[0].split(";")[0]
        if self.claims is None or token is None:
            self.opened = await open_for(self.parts, self.request, self.caller, channel=CHANNEL, locale=locale)
        else:
            services, shop_id = self.parts.services, self.caller.shop_id
            self.opened = await standing_conversation(
                services, shop_id, self.claims, token, channel=CHANNEL, locale=locale
            )
        return self.opened.conversation


async def visit_of(parts: ApiParts, request: Request) -> Visit:
    """Whoever calls. Raises ``Unauthorized``, ``Forbidden``, ``NotFound``, ``TooMany``."""
    caller = await authenticate(parts, request)
    if caller.kind == DESK:
        raise Forbidden("This key is for the desk.")
    await count(parts, "mcp", f"{caller.shop_id}:{caller.kind}:{address_of(request)}", parts.rates.mcp)
    headers = request.headers
    token = headers.get("x-shopper-token")
    if token is not None and len(token) > LONGEST_TOKEN:
        raise Unauthorized("The shopper token is not valid.")
    claims = claims_in(parts, caller, token)
    found = None
    if (conversation_id := headers.get("x-conversation-id")) is not None:
        found = await find_conversation(parts, caller, conversation_id, headers.get("x-conversation-token"))
    return Visit(parts, request, caller, found, claims)
