"""Where passwords and sessions of the desk's people are kept: in the database, or in this process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select

from agent.casework.credentials import Credential, SignedIn
from agent.store import tables
from agent.store.database import Database
from agent.store.upsert import insert_into

_credentials = tables.credentials
_sessions = tables.desk_sessions


class SqlCredentialStore:
    """``casework.credentials.CredentialStore`` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, credential: Credential) -> None:
        """See the port."""
        shop_id, known_as = credential.shop_id, credential.name.casefold()
        content = {"name": credential.name, "digest": credential.digest}

        def work(connection: Connection) -> None:
            new = insert_into(connection, _credentials).values(shop_id=shop_id, known_as=known_as, **content)
            connection.execute(new.on_conflict_do_update(index_elements=list(_credentials.primary_key), set_=content))
            _end_sessions(connection, shop_id, known_as)

        await self._database.write(work)

    async def find(self, shop_id: str, name: str) -> Credential | None:
        """See the port."""
        look = select(_credentials.c.shop_id, _credentials.c.name, _credentials.c.digest).where(*_named(shop_id, name))
        row = await self._database.peek(lambda connection: connection.execute(look).first())
        return None if row is None else Credential(*row)

    async def remove(self, shop_id: str, name: str) -> bool:
        """See the port."""

        def work(connection: Connection) -> bool:
            _end_sessions(connection, shop_id, name.casefold())
            return connection.execute(delete(_credentials).where(*_named(shop_id, name))).rowcount > 0

        return await self._database.write(work)

    async def sign_in(self, session: SignedIn, now: datetime) -> None:
        """See the port."""
        values = {
            "token_hash": session.token_hash,
            "shop_id": session.shop_id,
            "known_as": session.name.casefold(),
            "name": session.name,
            "until": session.until,
        }

        def work(connection: Connection) -> None:
            connection.execute(delete(_sessions).where(_sessions.c.until <= now))
            connection.execute(insert_into(connection, _sessions).values(**values))

        await self._database.write(work)

    async def signed_in(self, token_hash: str, now: datetime) -> SignedIn | None:
        """See the port."""
        look = select(_sessions.c.token_hash, _sessions.c.shop_id, _sessions.c.name, _sessions.c.until).where(
            _sessions.c.token_hash == token_hash, _sessions.c.until > now
        )
        row = await self._database.peek(lambda connection: connection.execute(look).first())
        return None if row is None else SignedIn(*row)

    async def sign_out(self, token_hash: str) -> None:
        """See the port."""
        end = delete(_sessions).where(_sessions.c.token_hash == token_hash)
        await self._database.write(lambda connection: connection.execute(end))


def _named(shop_id: str, name: str) -> tuple[ColumnElement[bool], ...]:
    return _credentials.c.shop_id == shop_id, _credentials.c.known_as == name.casefold()


def _end_sessions(connection: Connection, shop_id: str, known_as: str) -> None:
    connection.execute(delete(_sessions).where(_sessions.c.shop_id == shop_id, _sessions.c.known_as == known_as))


class MemoryCredentialStore:
    """``casework.credentials.CredentialStore`` in this process."""

    def __init__(self) -> None:
        self._credentials: dict[tuple[str, str], Credential] = {}
        self._sessions: dict[str, SignedIn] = {}

    async def put(self, credential: Credential) -> None:
        """See the port."""
        self._credentials[credential.shop_id, credential.name.casefold()] = credential
        self._end_sessions(credential.shop_id, credential.name)

    async def find(self, shop_id: str, name: str) -> Credential | None:
        """See the port."""
        return self._credentials.get((shop_id, name.casefold()))

    async def remove(self, shop_id: str, name: str) -> bool:
        """See the port."""
        self._end_sessions(shop_id, name)
        return self._credentials.pop((shop_id, name.casefold()), None) is not None

    async def sign_in(self, session: SignedIn, now: datetime) -> None:
        """See the port."""
        self._sessions = {key: kept for key, kept in self._sessions.items() if kept.until > now}
        self._sessions[session.token_hash] = session

    async def signed_in(self, token_hash: str, now: datetime) -> SignedIn | None:
        """See the port."""
        session = self._sessions.get(token_hash)
        return session if session is not None and session.until > now else None

    async def sign_out(self, token_hash: str) -> None:
        """See the port."""
        self._sessions.pop(token_hash, None)

    def _end_sessions(self, shop_id: str, name: str) -> None:
        whose = shop_id, name.casefold()
        self._sessions = {
            key: kept for key, kept in self._sessions.items() if (kept.shop_id, kept.name.casefold()) != whose
        }
