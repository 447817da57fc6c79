"""The conversation store on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from agent.casework.ports import Claim, Lease, Outcome
from agent.conversation import (
    CaseFile,
    Conversation,
    ConversationId,
    Event,
    Handoff,
    HandoffId,
    Json,
    Message,
    Turn,
    TurnId,
)
from agent.errors import NotFound
from agent.store import sql_accept, sql_erase, sql_finish, sql_reads, tables
from agent.store.database import Database
from agent.store.decode import conversation_of, turn_of
from agent.store.encode import conversation_row
from agent.store.sql_desk_book import SqlDeskBook
from agent.store.sql_file import FIND, LOCK, whole_file


class SqlStore(SqlDeskBook):
    """``casework.ports.Store`` over a database whose schema is up to date (see ``migrate``).

    A claim's file holds the last 60 messages, this turn's own last, the tool calls of the last 10 turns, and handoffs
    without their packets; an outcome's handoff with an empty packet keeps the stored one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, conversation: Conversation, token_hash: str) -> None:
        """See the port."""
        row = conversation_row(conversation, token_hash)
        await self._database.write(lambda connection: connection.execute(insert(tables.conversations), row))

    async def find(self, shop_id: str, conversation_id: str) -> tuple[Conversation, str] | None:
        """See the port."""

        def work(connection: Connection) -> tuple[Conversation, str] | None:
            row = connection.execute(FIND, {"conversation": conversation_id, "shop": shop_id}).first()
            return None if row is None else (conversation_of(row), row.token_hash)

        return await self._database.peek(work)

    async def accept(
        self, turn: Turn, message: Message | None, *, owner: str, now: datetime, lease_s: float
    ) -> Turn | Claim:
        """See the port."""
        try:
            return await self._database.write(
                lambda connection: sql_accept.accept(connection, turn, message, owner, now, lease_s)
            )
        except IntegrityError:
            stored = await self._accepted_as(turn)
            if stored is None:
                raise
            return stored

    async def _accepted_as(self, turn: Turn) -> Turn | None:
        of = {"conversation": turn.conversation_id, "client_message": turn.client_message_id}
        row = await self._database.peek(lambda connection: connection.execute(sql_accept.ACCEPTED_AS, of).first())
        return None if row is None else turn_of(row)

    async def claim(
        self, shop_id: str, conversation_id: str, *, owner: str, now: datetime, lease_s: float
    ) -> Claim | None:
        """See the port."""
        return await self._database.write(
            lambda connection: sql_accept.claim(connection, shop_id, conversation_id, owner, now, lease_s)
        )

    async def renew(self, lease: Lease, *, now: datetime, lease_s: float) -> Lease:
        """See the port."""
        return await self._database.write(lambda connection: sql_accept.renew(connection, lease, now, lease_s))

    async def finish(self, claim: Claim, outcome: Outcome, *, now: datetime) -> None:
        """See the port. The messages' ``seq`` is given here."""
        await self._database.write(lambda connection: sql_finish.finish(connection, claim, outcome, now))

    async def turn(self, shop_id: str, turn_id: TurnId) -> Turn | None:
        """See the port."""
        return await self._database.peek(lambda connection: sql_reads.turn(connection, shop_id, turn_id))

    async def case_file(self, shop_id: str, conversation_id: str) -> CaseFile | None:
        """See the port."""
        return await self._database.read(lambda connection: whole_file(connection, shop_id, conversation_id))

    async def messages_after(self, shop_id: str, conversation_id: str, after: int, limit: int) -> Sequence[Message]:
        """See the port."""
        return await self._database.peek(
            lambda connection: sql_reads.messages_after(connection, shop_id, conversation_id, after, limit)
        )

    async def events_after(
        self, shop_id: str, conversation_id: str, after: tuple[int, int], limit: int = 1000
    ) -> Sequence[Event]:
        """See the port."""
        return await self._database.peek(
            lambda connection: sql_reads.events_after(connection, shop_id, conversation_id, after, limit)
        )

    async def abandoned(self, now: datetime, limit: int = 20) -> Sequence[tuple[str, ConversationId]]:
        """See the port."""
        return await self._database.peek(lambda connection: sql_reads.abandoned(connection, now, limit))

    async def handoff(self, shop_id: str, handoff_id: str) -> Handoff | None:
        """See the port."""
        return await self._database.peek(lambda connection: sql_reads.handoff(connection, shop_id, handoff_id))

    async def handoffs(self, shop_id: str, status: str | None, limit: int = 100) -> Sequence[Handoff]:
        """See the port. Priority 1 is the highest; packets are left out."""
        return await self._database.peek(lambda connection: sql_reads.handoffs(connection, shop_id, status, limit))

    async def queue_position(self, shop_id: str, handoff_id: HandoffId) -> int:
        """See the port."""
        return await self._database.read(lambda connection: sql_reads.queue_position(connection, shop_id, handoff_id))

    async def keep_feedback(self, shop_id: str, conversation_id: str, feedback: Json, now: datetime) -> None:
        """See the port. Raises ``NotFound``."""

        def work(connection: Connection) -> None:
            if connection.execute(LOCK, {"conversation": conversation_id, "shop": shop_id}).first() is None:
                raise NotFound()
            row = {"shop_id": shop_id, "conversation_id": conversation_id, "at": now, "feedback": feedback}
            connection.execute(insert(tables.feedback), row)

        await self._database.write(work)

    async def erase(self, shop_id: str, conversation_id: str) -> bool:
        """See the port. Kept answers that name the conversation go with it."""
        return await self._database.write(lambda connection: sql_erase.erase(connection, shop_id, conversation_id))

    async def ping(self) -> None:
        """See the port."""
        await self._database.peek(lambda connection: connection.execute(select(1)).scalar_one())
