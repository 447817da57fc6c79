"""Mail that stays in the database, for the demo and for trying things out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from agent.store import tables
from agent.store.database import Database

_mails = tables.mails


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it would have been sent."""

    to: str
    subject: str
    text: str
    at: datetime


class OutboxMail:
    """``casework.ports.Mail`` that keeps every mail in the table ``mails``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def send(self, shop_id: str, to: str, subject: str, text: str, now: datetime, *, about: str = "") -> None:
        """See the port."""
        row = {
            "shop_id": shop_id,
            "conversation_id": about or None,
            "to": to,
            "subject": subject,
            "text": text,
            "at": now,
        }
        await self._database.write(lambda connection: connection.execute(insert(_mails), row))

    async def read_outbox(self, shop_id: str, limit: int = 50) -> Sequence[StoredMail]:
        """The shop's mails, newest first."""
        newest = (
            select(_mails.c.to, _mails.c.subject, _mails.c.text, _mails.c.at)
            .where(_mails.c.shop_id == shop_id)
            .order_by(_mails.c.id.desc())
            .limit(limit)
        )
        rows = await self._database.peek(lambda connection: connection.execute(newest).all())
        return [StoredMail(*row) for row in rows]


class MemoryMail:
    """``casework.ports.Mail`` in this process."""

    def __init__(self) -> None:
        self._mails: list[tuple[str, StoredMail]] = []

    async def send(self, shop_id: str, to: str, subject: str, text: str, now: datetime, *, about: str = "") -> None:  # noqa: ARG002 - one for all
        """See the port."""
        self._mails.append((shop_id, StoredMail(to, subject, text, now)))

    async def read_outbox(self, shop_id: str, limit: int = 50) -> Sequence[StoredMail]:
        """The shop's mails, newest first."""
        return [mail for owner, mail in reversed(self._mails) if owner == shop_id][:limit]
