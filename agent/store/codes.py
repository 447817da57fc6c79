"""Where one-time codes are kept: in the database, or in this process.

The ``tries`` of a code taken count this look as well: 1 the first time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, update

from agent.casework.ports import StoredCode
from agent.store import tables
from agent.store.database import Database
from agent.store.upsert import insert_into

_codes = tables.one_time_codes


class SqlCodeStore:
    """``casework.ports.CodeStore``. Codes that ran out are deleted whenever one is put."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, shop_id: str, conversation_id: str, code: StoredCode, now: datetime) -> None:
        """See the port."""
        key = {"shop_id": shop_id, "conversation_id": conversation_id, "customer_id": code.customer_id}
        content = {"digest": code.digest, "expires_at": code.expires_at, "tries": code.tries}

        def work(connection: Connection) -> None:
            connection.execute(delete(_codes).where(_codes.c.expires_at <= now))
            new = insert_into(connection, _codes).values(**key, **content)
            connection.execute(new.on_conflict_do_update(index_elements=list(_codes.primary_key), set_=content))

        await self._database.write(work)

    async def take(self, shop_id: str, conversation_id: str, customer_id: str, now: datetime) -> StoredCode | None:
        """See the port."""
        look = (
            update(_codes)
            .where(*_named(shop_id, conversation_id, customer_id), _codes.c.expires_at > now)
            .values(tries=_codes.c.tries + 1)
            .returning(_codes.c.customer_id, _codes.c.digest, _codes.c.expires_at, _codes.c.tries)
        )
        row = await self._database.write(lambda connection: connection.execute(look).first())
        return None if row is None else StoredCode(*row)

    async def spend(self, shop_id: str, conversation_id: str, customer_id: str) -> None:
        """See the port."""
        used_up = delete(_codes).where(*_named(shop_id, conversation_id, customer_id))
        await self._database.write(lambda connection: connection.execute(used_up))


def _named(shop_id: str, conversation_id: str, customer_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        _codes.c.shop_id == shop_id,
        _codes.c.conversation_id == conversation_id,
        _codes.c.customer_id == customer_id,
    )


class MemoryCodeStore:
    """``casework.ports.CodeStore`` in this process."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str, str], StoredCode] = {}

    async def put(self, shop_id: str, conversation_id: str, code: StoredCode, now: datetime) -> None:
        """See the port."""
        self._codes = {key: kept for key, kept in self._codes.items() if kept.expires_at > now}
        self._codes[shop_id, conversation_id, code.customer_id] = code

    async def take(self, shop_id: str, conversation_id: str, customer_id: str, now: datetime) -> StoredCode | None:
        """See the port."""
        code = self._codes.get((shop_id, conversation_id, customer_id))
        if code is None or code.expires_at <= now:
            return None
        looked_at = replace(code, tries=code.tries + 1)
        self._codes[shop_id, conversation_id, customer_id] = looked_at
        return looked_at

    async def spend(self, shop_id: str, conversation_id: str, customer_id: str) -> None:
        """See the port."""
        self._codes.pop((shop_id, conversation_id, customer_id), None)
