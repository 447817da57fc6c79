"""The outbox in the table ``outbox``: leased rows, the same statements on SQLite and PostgreSQL.

Two couriers that take at the same moment get different letters: PostgreSQL skips the rows another has locked, SQLite lets
one writer in at a time. Whoever's lease has run out has lost the letter: ``fence`` tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, and_, delete, exists, insert, or_, select, update

from agent.casework.outbox.letters import Delivery, Kept, Letter, LetterStatus
from agent.store import tables
from agent.store.database import Database

_o = tables.outbox.c
_earlier = tables.outbox.alias("earlier")

_LETTER = (_o.event_id, _o.shop_id, _o.conversation_id, _o.target, _o.type, _o.data, _o.at, _o.lane)
WAITING, DELIVERED, DEAD = (status.value for status in LetterStatus)


def write(connection: Connection, letters: Sequence[Letter]) -> None:
    """Keep letters, due at once, in the transaction of what they tell of."""
    connection.execute(insert(tables.outbox), [_row(letter) for letter in letters])


class SqlOutbox:
    """``casework.outbox.Outbox``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, *, owner: str, now: datetime, lease_s: float, limit: int) -> Sequence[Delivery]:
        """See the port."""
        until = now + timedelta(seconds=lease_s)
        blocked = exists().where(_earlier.c.lane == _o.lane, _earlier.c.n < _o.n, _earlier.c.status == WAITING)
        due = (
            select(_o.n)
            .where(_o.status == WAITING, _o.next_at <= now, or_(_o.lease_until.is_(None), _o.lease_until <= now))
            .where(~blocked)
            .order_by(_o.next_at, _o.n)
            .limit(limit)
            .with_for_update(skip_locked=True, of=tables.outbox)
        )
        taking = (
            update(tables.outbox)
            .where(_o.n.in_(due.scalar_subquery()))
            .values(lease_owner=owner, lease_until=until, fence=_o.fence + 1, attempts=_o.attempts + 1)
            .returning(*_LETTER, _o.attempts, _o.fence, _o.n)
        )

        def work(connection: Connection) -> Sequence[Delivery]:
            rows = sorted(connection.execute(taking), key=lambda row: row.n)
            return tuple(Delivery(_letter_of(row), row.attempts, row.fence, until) for row in rows)

        return await self._database.write(work)

    async def settle(self, delivery: Delivery, *, now: datetime) -> bool:
        """See the port."""
        return await self._let_go(delivery, status=DELIVERED, next_at=now, failure="")

    async def postpone(self, delivery: Delivery, *, until: datetime, failure: str) -> bool:
        """See the port."""
        return await self._let_go(delivery, status=WAITING, next_at=until, failure=failure)

    async def bury(self, delivery: Delivery, *, now: datetime, failure: str) -> bool:
        """See the port."""
        return await self._let_go(delivery, status=DEAD, next_at=now, failure=failure)

    async def letters(self, shop_id: str, status: LetterStatus | None, limit: int = 100) -> Sequence[Kept]:
        """See the port."""
        wanted = and_(_o.shop_id == shop_id, *([_o.status == status.value] if status else []))
        found = select(*_KEPT).where(wanted).order_by(_o.n.desc()).limit(limit)
        return await self._database.peek(lambda connection: tuple(map(_kept_of, connection.execute(found))))

    async def replay(self, shop_id: str, letter_id: str, *, now: datetime) -> Kept | None:
        """See the port."""
        of = and_(_o.shop_id == shop_id, _o.id == letter_id)
        again = update(tables.outbox).where(of, _o.status != WAITING)

        def work(connection: Connection) -> Kept | None:
            connection.execute(again.values(status=WAITING, attempts=0, next_at=now, failure=""))
            row = connection.execute(select(*_KEPT).where(of)).first()
            return None if row is None else _kept_of(row)

        return await self._database.write(work)

    async def forget(self, before: datetime) -> int:
        """See the port."""
        old = delete(tables.outbox).where(_o.status == DELIVERED, _o.next_at < before)
        return await self._database.write(lambda connection: _count(connection.execute(old)))

    async def _let_go(self, delivery: Delivery, **changes: Any) -> bool:
        held = and_(_o.id == delivery.letter.id, _o.fence == delivery.fence, _o.status == WAITING)
        done = update(tables.outbox).where(held).values(lease_owner=None, lease_until=None, **changes)
        return await self._database.write(lambda connection: _count(connection.execute(done)) > 0)


_KEPT = (*_LETTER, _o.status, _o.attempts, _o.next_at, _o.failure)


def _count(result: CursorResult[Any]) -> int:
    return result.rowcount


def _row(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "event_id": letter.event_id,
        "shop_id": letter.shop_id,
        "conversation_id": letter.conversation_id,
        "target": letter.target,
        "lane": letter.lane or None,
        "type": letter.type,
        "data": letter.data,
        "at": letter.at,
        "status": WAITING,
        "attempts": 0,
        "next_at": letter.at,
        "failure": "",
        "fence": 0,
    }


def _letter_of(row: Row[*tuple[Any, ...]]) -> Letter:
    return Letter(
        event_id=row.event_id,
        shop_id=row.shop_id,
        conversation_id=row.conversation_id,
        target=row.target,
        type=row.type,
        data=row.data,
        at=row.at,
        lane=row.lane or "",
    )


def _kept_of(row: Row[*tuple[Any, ...]]) -> Kept:
    return Kept(_letter_of(row), LetterStatus(row.status), row.attempts, row.next_at, row.failure)
