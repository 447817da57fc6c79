"""Opens conversations and checks who comes back to one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from agent.casework.front import Services, ShopperClaims
from agent.conversation import Conversation, ConversationId, Status
from tools.shop.errors import ShopUnavailable
from tools.shop.models import Customer, CustomerId
from tools.shop.port import Shop

LANGUAGES = ("es", "en", "pt")
UNIDENTIFIED = "unidentified"
"""Metadata key of claims that the order system could not be asked about: the next turn asks again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new conversation and the only copy of its token."""

    conversation: Conversation
    token: str


async def open_conversation(
    services: Services,
    shop_id: str,
    *,
    locale: str | None = None,
    channel: str = "web",
    claims: ShopperClaims | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Opened:
    """Keep a new conversation. ``locale`` is BCP 47 (``es-MX``); an unknown language falls back to the shop's.

    With ``claims`` the shopper is known from the start (level 2), when the shop knows them.
    """
    front = services.storefronts[shop_id]
    now = services.clock()
    token = services.new_id("ctk")
    conversation = Conversation(
        id=ConversationId(services.new_id("cnv")),
        shop_id=shop_id,
        status=Status.BOT,
        language=language_of(locale, front.language),
        channel=channel,
        created_at=now,
        updated_at=now,
        metadata=dict(metadata or {}),
    )
    if claims is not None:
        conversation = await identify(services, conversation, claims)
    await services.store.open(conversation, hash_token(token))
    return Opened(conversation, token)


async def standing_conversation(
    services: Services, shop_id: str, claims: ShopperClaims, shopper_token: str, *, channel: str, locale: str = ""
) -> Opened:
    """The conversation that stands for a shopper token: its id and token follow from it, so that any replica finds it.

    Opened when it is first asked for. The ids say nothing to whoever does not know the service's secret.
    """

    def derive(kind: str, wanted: str) -> str:
        material = "\n".join((wanted, shop_id, channel, shopper_token)).encode()
        digest = hmac.new(services.secret.encode(), material, hashlib.sha256).digest()
        return f"{kind}_{base64.urlsafe_b64encode(digest[:18]).decode()}"

    conversation_id, token = derive("cnv", "conversation"), derive("ctk", "token")
    found = await services.store.find(shop_id, conversation_id)
    if found is None:
        fixed = replace(services, new_id=lambda kind: token if kind == "ctk" else conversation_id)
        try:
            return await open_conversation(fixed, shop_id, locale=locale, channel=channel, claims=claims)
        except Exception:  # another replica may have been faster; whatever else it was is raised
            found = await services.store.find(shop_id, conversation_id)
            if found is None:
                raise
    return Opened(found[0], token)


async def identify(services: Services, conversation: Conversation, claims: ShopperClaims) -> Conversation:
    """The conversation with the signed-in customer in it; unchanged when the shop does not know them.

    A customer who is known already is never replaced by another one. When the order system does not answer, the
    claims wait in the metadata.
    """
    shop = services.storefronts[conversation.shop_id].shop
    metadata = {key: value for key, value in conversation.metadata.items() if key != UNIDENTIFIED}
    conversation = replace(conversation, metadata=metadata)
    try:
        customer = await services.retry.once(lambda: _customer(shop, claims))
    except ShopUnavailable:
        return replace(conversation, metadata={**metadata, UNIDENTIFIED: asdict(claims)})
    if customer is None or conversation.customer_id not in (None, customer.id):
        return conversation
    known = {**metadata, "customer_name": customer.first_name}
    return replace(conversation, customer_id=customer.id, identity_level=2, metadata=known)


async def _customer(shop: Shop, claims: ShopperClaims) -> Customer | None:
    customer = await shop.customer(CustomerId(claims.sub))
    if customer is None and claims.email:
        customer = await shop.customer_with_email(claims.email)
    return customer


def language_of(locale: str | None, fallback: str) -> str:
    """``pt-BR`` as ``pt``; the fallback for what is not spoken here."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else fallback


def hash_token(token: str) -> str:
    """SHA-256 in hex: tokens are never kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_token(stored_hash: str, token: str) -> bool:
    """Whether that is the conversation's token, in constant time."""
    return hmac.compare_digest(stored_hash, hash_token(token))


def disclosure(services: Services, shop_id: str, language: str) -> str:
    """The sentence that says it is an AI, before anything else."""
    return services.sentences.say("fallback.disclosure", language, shop=services.storefronts[shop_id].name)
