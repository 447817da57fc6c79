"""Whoever is told outside: webhooks and help desks, as the settings name them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from agent.app.storing import Storing
from agent.casework.front import Services
from agent.casework.outbox.courier import Courier
from agent.casework.outbox.desk_carrier import TYPES, DeskCarrier
from agent.casework.outbox.help_desk import DeskCase
from agent.casework.outbox.letters import Carrier
from agent.casework.outbox.replies import Replies
from agent.casework.outbox.writing import Route
from agent.casework.receiving import Reception
from agent.errors import Misconfigured
from agent.settings import Settings, WebhookTarget
from agent.store.desks.chatwoot import NAME, Chatwoot
from agent.store.desks.chatwoot_client import Account
from agent.store.desks.chatwoot_door import ChatwootDoor
from agent.store.desks.reach import Reach, open_client
from agent.store.desks.webhooks import Target, Webhooks, signing_key


@dataclass(frozen=True, slots=True)
class Outside:
    """``door`` is where Chatwoot's webhooks come in, when there is one."""

    courier: Courier
    door: ChatwootDoor | None


def routes_of(settings: Settings, shops: Iterable[str]) -> Mapping[str, tuple[Route, ...]]:
    """Where each shop's news go. Raises ``Misconfigured`` for two webhooks of one name."""
    names = [target.name for target in settings.webhooks]
    if len(set(names)) < len(names):
        raise Misconfigured("POSTVENTA_WEBHOOKS: each has a name of its own")
    desk = (Route(NAME, TYPES, desk=True),) if settings.chatwoot_url else ()
    return {
        shop: (
            *desk,
            *(Route(_named(one), one.events) for one in settings.webhooks if one.shop in ("", shop)),
        )
        for shop in shops
    }


async def open_outside(
    settings: Settings,
    storing: Storing,
    services: Services,
    reception: Reception,
    stack: AsyncExitStack,
    *,
    loopback: bool = False,
) -> Outside:
    """All of it; ``loopback`` allows targets on this machine. Raises ``Misconfigured``."""
    client = open_client(Reach(settings.private_targets, loopback), settings.target_timeout_s)
    stack.push_async_callback(client.aclose)
    carriers: dict[str, Carrier] = {}
    for one in settings.webhooks:
        carriers[_named(one)] = Webhooks(Target(str(one.url), _keys(one)), client)
    door = None
    if settings.chatwoot_url:
        desk = Chatwoot(_account(settings), client, services.sentences, settings.chatwoot_teams)
        replies = Replies(services, reception)
        carriers[NAME] = DeskCarrier(desk, services, storing.desk_cases, replies)
        door = _open_door(settings, desk, storing, services, replies)
    courier = Courier(
        storing.letters, carriers, clock=services.clock, owner=services.owner, chance=random.SystemRandom().random
    )
    return Outside(courier, door)


def _open_door(
    settings: Settings, desk: Chatwoot, storing: Storing, services: Services, replies: Replies
) -> ChatwootDoor | None:
    secrets = [secret.get_secret_value() for secret in settings.chatwoot_webhook_secrets]
    if not all(secrets):
        raise Misconfigured("POSTVENTA_CHATWOOT_WEBHOOK_SECRETS: one of them is empty")

    async def find_handoff(handoff_id: str) -> DeskCase | None:
        for shop_id in services.storefronts:
            handoff = await services.store.handoff(shop_id, handoff_id)
            if handoff is not None:
                return DeskCase(NAME, "", shop_id, handoff.conversation_id, handoff.id)
        return None

    if not secrets:
        return None
    language = next(iter(services.storefronts.values())).language
    return ChatwootDoor(
        desk,
        storing.desk_cases,
        replies,
        find_handoff,
        secrets=secrets,
        sentences=services.sentences,
        language=language,
    )


def _named(target: WebhookTarget) -> str:
    return f"webhook:{target.name}"


def _keys(target: WebhookTarget) -> tuple[bytes, ...]:
    try:
        return tuple(signing_key(secret.get_secret_value()) for secret in target.secrets)
    except ValueError as wrong:
        raise Misconfigured(f"POSTVENTA_WEBHOOKS, {target.name}: {wrong}") from wrong


def _account(settings: Settings) -> Account:
    token = settings.chatwoot_token.get_secret_value()
    if not (settings.chatwoot_account and settings.chatwoot_inbox and token):
        raise Misconfigured("POSTVENTA_CHATWOOT_URL: wanted with it are ..._ACCOUNT, ..._INBOX and ..._TOKEN")
    return Account(settings.chatwoot_url, settings.chatwoot_account, settings.chatwoot_inbox, token)
