"""Order events as they came in: in the database, or in this process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from agent.conversation import Json
from agent.store import tables
from agent.store.database import Database
from agent.store.upsert import insert_into

_events = tables.order_events


class SqlOrderEvents:
    """``casework.order_events.OrderEvents`` in the table ``order_events``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, shop_id: str, event_id: str, payload: Json, now: datetime) -> bool:
        """See the port."""

        def work(connection: Connection) -> bool:
            row = {"shop_id": shop_id, "event_id": event_id, "payload": payload, "at": now}
            new = insert_into(connection, _events).values(row).on_conflict_do_nothing().returning(_events.c.event_id)
            return connection.execute(new).first() is not None

        return await self._database.write(work)


class MemoryOrderEvents:
    """``casework.order_events.OrderEvents`` in this process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Json] = {}

    async def keep(self, shop_id: str, event_id: str, payload: Json, now: datetime) -> bool:  # noqa: ARG002 - the port has it
        """See the port."""
        if (shop_id, event_id) in self._kept:
            return False
        self._kept[shop_id, event_id] = payload
        return True
