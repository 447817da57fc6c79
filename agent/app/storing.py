"""Puts the part together that keeps things: databases, events, limits, codes, mail, keys."""

from __future__ import annotations

import importlib
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from agent.app.reaching import reaching
from agent.casework.credentials import CredentialStore
from agent.casework.outbox.help_desk import DeskCases
from agent.casework.outbox.letters import Outbox
from agent.casework.ports import Bus, CodeStore, IdempotencyStore, Mail, RateLimit, Store
from agent.casework.spending import SpendingBook
from agent.errors import Misconfigured
from agent.settings import Settings
from agent.store.bus import LocalBus
from agent.store.codes import SqlCodeStore
from agent.store.credentials import SqlCredentialStore
from agent.store.database import Database, open_database
from agent.store.desk_cases import SqlDeskCases
from agent.store.idempotency import SqlIdempotencyStore
from agent.store.keys import SqlKeyStore
from agent.store.kpis import SqlKpis
from agent.store.mail import OutboxMail
from agent.store.migrate import migrate
from agent.store.order_events import SqlOrderEvents
from agent.store.outbox import SqlOutbox
from agent.store.rate_limit import MemoryRateLimit
from agent.store.smtp_mail import SmtpMail, SmtpServer
from agent.store.spending import SqlSpendingBook
from agent.store.sql_store import SqlStore


@dataclass(frozen=True, slots=True)
class Storing:
    """The adapters of casework's ports, all on one database."""

    database: Database
    store: Store
    bus: Bus
    limits: RateLimit
    codes: CodeStore
    mail: Mail
    outbox: OutboxMail
    keys: SqlKeyStore
    credentials: CredentialStore
    idempotency: IdempotencyStore
    order_events: SqlOrderEvents
    kpis: SqlKpis
    letters: Outbox
    desk_cases: DeskCases
    spending: SpendingBook


async def open_storing(settings: Settings, stack: AsyncExitStack) -> Storing:
    """Connect, migrate, and close again when the stack does."""
    database = open_database(settings.database_url or f"sqlite:///{settings.data_dir / 'postventa.db'}")
    stack.push_async_callback(database.dispose)
    with reaching("POSTVENTA_DATABASE_URL" if settings.database_url else "POSTVENTA_DATA_DIR"):
        await migrate(database)
    with reaching("POSTVENTA_REDIS_URL"):
        bus, limits = _shared(settings.redis_url) if settings.redis_url else (LocalBus(), MemoryRateLimit())
    stack.push_async_callback(bus.close)
    stack.push_async_callback(limits.close)
    outbox = OutboxMail(database)
    return Storing(
        database=database,
        store=SqlStore(database),
        bus=bus,
        limits=limits,
        codes=SqlCodeStore(database),
        mail=SmtpMail(_smtp_server(settings)) if settings.smtp_url else outbox,
        outbox=outbox,
        keys=SqlKeyStore(database),
        credentials=SqlCredentialStore(database),
        idempotency=SqlIdempotencyStore(database),
        order_events=SqlOrderEvents(database),
        kpis=SqlKpis(database),
        letters=SqlOutbox(database),
        desk_cases=SqlDeskCases(database),
        spending=SqlSpendingBook(database),
    )


def _shared(redis_url: str) -> tuple[Bus, RateLimit]:
    """Events and limits between replicas. Imported here: half a second that a single process never needs."""
    bus: Bus = importlib.import_module("agent.store.redis_bus").RedisBus(redis_url)
    limits: RateLimit = importlib.import_module("agent.store.redis_rate_limit").RedisRateLimit(redis_url)
    return bus, limits


def _smtp_server(settings: Settings) -> SmtpServer:
    """``smtps://user:password@host:465`` or ``smtp://host:587`` (STARTTLS)."""
    url = urlsplit(settings.smtp_url)
    if url.scheme not in ("smtp", "smtps") or not url.hostname or not settings.smtp_from:
        raise Misconfigured("POSTVENTA_SMTP_URL: smtp://host:port is wanted, with POSTVENTA_SMTP_FROM")
    return SmtpServer(
        host=url.hostname,
        port=url.port or (465 if url.scheme == "smtps" else 587),
        sender=settings.smtp_from,
        security="tls" if url.scheme == "smtps" else "starttls",
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
    )
