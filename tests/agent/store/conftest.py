"""Every adapter of every port, and a maker of what is put into them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from agent.casework.ports import Claim, Outcome, Store
from agent.conversation import (
    Action,
    ActionId,
    ActionStatus,
    Conversation,
    ConversationId,
    Event,
    Handoff,
    HandoffId,
    HandoffStatus,
    Message,
    MessageId,
    Reason,
    Speaker,
    Status,
    ToolCall,
    Turn,
    TurnId,
    TurnKind,
    TurnStatus,
)
from agent.store.database import Database, open_database
from agent.store.memory_store import MemoryStore
from agent.store.migrate import migrate
from agent.store.sql_store import SqlStore
from agent.store.tables import metadata

DATABASES = ("sqlite", "postgresql")
NOW = datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_url: str) -> str:
    asyncio.run(_migrate(postgres_url))
    return postgres_url


async def _migrate(url: str) -> None:
    database = open_database(url)
    await migrate(database)
    await database.dispose()


def _url_of(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if backend == "postgresql":
        return str(request.getfixturevalue("migrated_postgres_url"))
    path = tmp_path / "store.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    """Migrated and empty, and empty again afterwards."""
    database = open_database(url)
    try:
        yield database
        await database.write(lambda connection: [connection.execute(delete(table)) for table in metadata.sorted_tables])
    finally:
        await database.dispose()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return _url_of(request.param, request, tmp_path)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with _opened(database_url) as database:
        yield database


@pytest.fixture(params=("memory", *DATABASES))
def adapter_url(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """None for the adapter that has no database."""
    return None if request.param == "memory" else _url_of(request.param, request, tmp_path)


@pytest.fixture
async def adapter_database(adapter_url: str | None) -> AsyncIterator[Database | None]:
    if adapter_url is None:
        yield None
        return
    async with _opened(adapter_url) as database:
        yield database


@pytest.fixture
def store(adapter_database: Database | None) -> Store:
    return MemoryStore() if adapter_database is None else SqlStore(adapter_database)


@dataclass(frozen=True)
class Make:
    """Makes values with ids of their own. Times are ``now`` unless told."""

    now: datetime
    ids: count[int]

    def id(self, kind: str) -> str:
        return f"{kind}_{next(self.ids)}"

    def conversation(self, shop_id: str = "shop", **fields: Any) -> Conversation:
        return Conversation(
            ConversationId(self.id("cnv")), shop_id, Status.BOT, "es", "widget", self.now, self.now, **fields
        )

    def turn(
        self, conversation_id: str, client_message_id: str | None = None, kind: TurnKind = TurnKind.MESSAGE
    ) -> Turn:
        return Turn(
            TurnId(self.id("trn")),
            ConversationId(conversation_id),
            0,
            kind,
            TurnStatus.ACCEPTED,
            {"text": "¿Dónde está mi pedido?"},
            self.now,
            client_message_id=client_message_id,
        )

    def message(self, turn: Turn, text: str = "¿Dónde está mi pedido? 📦", who: Speaker = Speaker.SHOPPER) -> Message:
        return Message(MessageId(self.id("msg")), 0, who, text, self.now, "es", turn.id, turn.client_message_id)

    def tool_call(self, turn: Turn, position: int = 0) -> ToolCall:
        return ToolCall(
            "call_1", turn.id, position, "get_order", {"number": "10023"}, '{"status": "entregado"}', True, 3
        )

    def action(self, turn: Turn, **fields: Any) -> Action:
        action = Action(
            id=ActionId(self.id("act")),
            turn_id=turn.id,
            kind="change_address",
            order_number="10023",
            status=ActionStatus.PROPOSED,
            summary="Cambiar la dirección",
            before={"street": "Calle Mayor 1"},
            after={"street": "Calle Menor 2"},
            cost={"amount": "4.90", "currency": "EUR"},
            proposal={"id": "prp_1", "expected_version": 3},
            digest="d1",
            created_at=self.now,
            expires_at=self.now + timedelta(minutes=30),
        )
        return replace(action, **fields)

    def handoff(self, conversation_id: str, **fields: Any) -> Handoff:
        handoff = Handoff(
            id=HandoffId(self.id("hnd")),
            conversation_id=ConversationId(conversation_id),
            status=HandoffStatus.QUEUED,
            queue="general",
            priority=3,
            language="es",
            reasons=(Reason("human_request", "quiero hablar con alguien", "msg_1"),),
            packet={"summary": "Pedido 10023, talla equivocada"},
            created_at=self.now,
        )
        return replace(handoff, **fields)

    def outcome(self, claim: Claim, **fields: Any) -> Outcome:
        """A reply and two events, and what else is given."""
        reply = self.message(claim.turn, "Sale hoy.", Speaker.AGENT)
        n = claim.turn.seq
        events = (Event(n, 1, "turn.started", {}), Event(n, 2, "done", {"turn": n}))
        plain = Outcome(claim.file.conversation, {"id": claim.turn.id}, (reply,), events=events)
        return replace(plain, **fields)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make(now: datetime) -> Make:
    return Make(now, count(1))
