"""All parts of a service, from its settings."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.app.selling import open_storefront
from agent.app.storing import Storing, open_storing
from agent.app.thinking import open_escalation, open_loop, open_reader, open_sentences
from agent.casework.front import Clock, Services, Storefront
from agent.casework.receiving import Reception
from agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    """A service without its doors: what HTTP, the terminal and the evaluations are built on."""

    settings: Settings
    storing: Storing
    services: Services
    reception: Reception


def wall_clock() -> datetime:
    """The one place that reads the time of day."""
    return datetime.now(UTC)


def mint_id(kind: str) -> str:
    """``cnv_`` and 24 unguessable characters."""
    return f"{kind}_{secrets.token_urlsafe(18)}"


def mint_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**6):06}"


async def assemble(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    clock: Clock = wall_clock,
    storefronts: Mapping[str, Storefront] | None = None,
) -> Parts:
    """Open everything; what was opened closes with the stack. ``storefronts`` replaces the shop of the settings."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    storing = await open_storing(settings, stack)
    sentences = open_sentences()
    if storefronts is None:
        storefronts = {settings.shop_id: await open_storefront(settings, settings.shop_id, clock, stack)}
    services = Services(
        store=storing.store,
        bus=storing.bus,
        limits=storing.limits,
        codes=storing.codes,
        mail=storing.mail,
        loop=open_loop(settings, sentences),
        reader=open_reader(settings.data_dir),
        escalation=open_escalation(),
        sentences=sentences,
        storefronts=storefronts,
        clock=clock,
        new_id=mint_id,
        new_code=mint_code,
        secret=settings.shop_secret.get_secret_value() or secrets.token_hex(16),
        owner=mint_id("rep"),
        lease_s=settings.lease_s,
        turn_deadline_s=settings.turn_deadline_s,
    )
    reception = Reception(services)
    stack.push_async_callback(reception.drain)
    return Parts(settings, storing, services, reception)
