"""All parts of a service, from its settings."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.app.importing import make_data_dir
from agent.app.models import open_spending
from agent.app.outside import Outside, open_outside, routes_of
from agent.app.remotes import Remotes, open_remotes
from agent.app.selling import open_storefront
from agent.app.storing import Storing, open_storing
from agent.app.telemetry import open_telemetry, traced
from agent.app.thinking import Thinking, open_thinking
from agent.casework.desk.people import Desk
from agent.casework.desk.view import DeskView
from agent.casework.desk.watch import DeskWatch
from agent.casework.front import Clock, NewId, Services, Storefront
from agent.casework.receiving import Reception
from agent.settings import Settings
from agent.spans import Spans
from tools.retrying import Retry


@dataclass(frozen=True, slots=True)
class Parts:
    """A service without its doors: what HTTP, the terminal and the evaluations are built on."""

    settings: Settings
    storing: Storing
    services: Services
    reception: Reception
    desk: Desk
    desk_view: DeskView
    desk_watch: DeskWatch
    outside: Outside
    remotes: Remotes


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
    new_id: NewId = mint_id,
    new_code: Callable[[], str] = mint_code,
    retry: Retry | None = None,
    storefronts: Mapping[str, Storefront] | None = None,
    storing: Storing | None = None,
    thinking: Thinking | None = None,
    spans: Spans | None = None,
    loopback: bool = False,
) -> Parts:
    """Open everything; what was opened closes with the stack.

    ``loopback`` lets webhooks and help desks be on this machine. ``storefronts`` replaces the shop of the settings, ``storing`` and ``thinking`` what the settings would open, ``spans`` who the
    environment says listens.
    """
    make_data_dir(settings)
    storing = storing or await open_storing(settings, stack)
    spans = spans or open_telemetry(stack)
    thinking = thinking or open_thinking(settings, spans)
    if storefronts is None:
        storefronts = {settings.shop_id: await open_storefront(settings, settings.shop_id, clock, stack)}
    remotes = open_remotes(settings, stack, retry or Retry())
    services = Services(
        store=storing.store,
        bus=storing.bus,
        limits=storing.limits,
        codes=storing.codes,
        mail=storing.mail,
        loop=thinking.loop,
        loops=thinking.loops,
        spending=open_spending(settings, storing.spending),
        reader=thinking.reader,
        escalation=thinking.escalation,
        sentences=thinking.sentences,
        storefronts=traced(remotes.around(storefronts), spans),
        clock=clock,
        new_id=new_id,
        new_code=new_code,
        secret=settings.shop_secret.get_secret_value() or secrets.token_hex(16),
        owner=new_id("rep"),
        lease_s=settings.lease_s,
        turn_deadline_s=settings.turn_deadline_s,
        retry=retry or Retry(),
        routes=routes_of(settings, storefronts),
        spans=spans,
    )
    for loop in (services.loop, *services.loops.values()):
        stack.push_async_callback(loop.close)
        await remotes.offer_to(loop)
    reception = Reception(services)
    stack.push_async_callback(reception.drain)
    outside = await open_outside(settings, storing, services, reception, stack, loopback=loopback)
    desk, view, watch = Desk(services, reception), DeskView(services), DeskWatch(services, reception)
    return Parts(settings, storing, services, reception, desk, view, watch, outside, remotes)
