"""The desk's side of the conversation store on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from agent.casework.desk.ports import CaseQuery, CaseRow, Colleague, LiveRow, Taken
from agent.conversation import Action, ConversationId, HandoffId
from agent.store import sql_desk
from agent.store.database import Database


class SqlDeskBook:
    """``casework.desk.ports.DeskBook``."""

    _database: Database

    async def cases(self, shop_id: str, query: CaseQuery) -> Sequence[CaseRow]:
        """See the port."""
        return await self._database.peek(lambda connection: sql_desk.cases(connection, shop_id, query))

    async def live(self, shop_id: str, since: datetime, limit: int) -> Sequence[LiveRow]:
        """See the port."""
        return await self._database.peek(lambda connection: sql_desk.live(connection, shop_id, since, limit))

    async def taken(self, shop_id: str, queue: str, since: datetime, limit: int) -> Sequence[Taken]:
        """See the port."""
        return await self._database.peek(lambda connection: sql_desk.taken(connection, shop_id, queue, since, limit))

    async def held(self, shop_id: str) -> Mapping[str, int]:
        """See the port."""
        return await self._database.peek(lambda connection: sql_desk.held(connection, shop_id))

    async def actions_in(self, shop_id: str, status: str, limit: int) -> Sequence[tuple[ConversationId, Action]]:
        """See the port."""
        return await self._database.peek(lambda connection: sql_desk.actions_in(connection, shop_id, status, limit))

    async def action(self, shop_id: str, action_id: str) -> tuple[ConversationId, Action] | None:
        """See the port."""
        return await self._database.peek(lambda connection: sql_desk.action(connection, shop_id, action_id))

    async def overdue(self, now: datetime, limit: int = 20) -> Sequence[tuple[str, ConversationId, HandoffId]]:
        """See the port."""
        return await self._database.peek(lambda connection: sql_desk.overdue(connection, now, limit))

    async def waiting(self) -> Mapping[tuple[str, str], int]:
        """See the port."""
        return await self._database.peek(sql_desk.waiting)

    async def people(self, shop_id: str) -> Sequence[Colleague]:
        """See the port."""
        return await self._database.peek(lambda connection: sql_desk.people(connection, shop_id))

    async def put_person(self, shop_id: str, person: Colleague) -> None:
        """See the port."""
        await self._database.write(lambda connection: sql_desk.put_person(connection, shop_id, person))
