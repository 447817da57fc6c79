"""Answers by ``Idempotency-Key``: in the database, or in this process.

A key is the caller's for 24 hours once it has an answer. A key without one is free again after five minutes: by then
whoever began has died, and its actions carry idempotency keys of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from agent.casework.ports import StoredResponse
from agent.store import tables
from agent.store.database import Database
from agent.store.upsert import insert_into

LIFE = timedelta(hours=24)
PATIENCE = timedelta(minutes=5)
AT_WORK = 0

_keys = tables.idempotency_keys


class SqlIdempotencyStore:
    """``casework.ports.IdempotencyStore``. Answers that are over are deleted once an hour, by whoever begins."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tidied_at: datetime | None = None

    async def begin(self, shop_id: str, key: str, body_hash: str, now: datetime) -> StoredResponse | None:
        """See the port."""
        tidy = self._tidied_at is None or now - self._tidied_at >= timedelta(hours=1)

        def work(connection: Connection) -> StoredResponse | None:
            if tidy:
                connection.execute(delete(_keys).where(_keys.c.at <= now - LIFE))
            fresh = {"body_hash": body_hash, "status": AT_WORK, "body": "", "at": now}
            taken = connection.execute(
                insert_into(connection, _keys)
                .values(shop_id=shop_id, key=key, **fresh)
                .on_conflict_do_update(index_elements=list(_keys.primary_key), set_=fresh, where=_is_over(now))
                .returning(_keys.c.key)
            ).first()
            if taken is not None:
                return None
            kept = select(_keys.c.body_hash, _keys.c.status, _keys.c.body).where(*_named(shop_id, key))
            return StoredResponse(*connection.execute(kept).one())

        stored = await self._database.write(work)
        self._tidied_at = now if tidy else self._tidied_at
        return stored

    async def complete(self, shop_id: str, key: str, status: int, body: str) -> None:
        """See the port."""
        answer = update(_keys).where(*_named(shop_id, key)).values(status=status, body=body)
        await self._database.write(lambda connection: connection.execute(answer))

    async def drop(self, shop_id: str, key: str) -> None:
        """See the port. A key that has its answer is left alone."""
        free = delete(_keys).where(*_named(shop_id, key), _keys.c.status == AT_WORK)
        await self._database.write(lambda connection: connection.execute(free))


def _named(shop_id: str, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _keys.c.shop_id == shop_id, _keys.c.key == key


def _is_over(now: datetime) -> ColumnElement[bool]:
    return or_(_keys.c.at <= now - LIFE, and_(_keys.c.status == AT_WORK, _keys.c.at <= now - PATIENCE))


@dataclass(frozen=True, slots=True)
class _Kept:
    response: StoredResponse
    at: datetime

    def is_over(self, now: datetime) -> bool:
        return now - self.at >= (PATIENCE if self.response.status == AT_WORK else LIFE)


class MemoryIdempotencyStore:
    """``casework.ports.IdempotencyStore`` in this process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Kept] = {}

    async def begin(self, shop_id: str, key: str, body_hash: str, now: datetime) -> StoredResponse | None:
        """See the port."""
        kept = self._kept.get((shop_id, key))
        if kept is not None and not kept.is_over(now):
            return kept.response
        self._kept[shop_id, key] = _Kept(StoredResponse(body_hash, AT_WORK, ""), now)
        return None

    async def complete(self, shop_id: str, key: str, status: int, body: str) -> None:
        """See the port."""
        kept = self._kept.get((shop_id, key))
        if kept is not None:
            self._kept[shop_id, key] = replace(kept, response=replace(kept.response, status=status, body=body))

    async def drop(self, shop_id: str, key: str) -> None:
        """See the port. A key that has its answer is left alone."""
        kept = self._kept.get((shop_id, key))
        if kept is not None and kept.response.status == AT_WORK:
            del self._kept[shop_id, key]
