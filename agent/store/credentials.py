"""Where passwords, links and sessions of the desk's people are kept: in the database, or in this process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, select

from agent.casework.credentials import Credential, SignedIn, SignInLink
from agent.store import tables
from agent.store.database import Database
from agent.store.upsert import insert_into

_credentials = tables.credentials
_sessions, _links = tables.desk_sessions, tables.sign_in_links


class SqlCredentialStore:
    """``casework.credentials.CredentialStore`` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, credential: Credential) -> None:
        """See the port."""
        shop_id, known_as = credential.shop_id, credential.name.casefold()
        content = {"name": credential.name, "digest": credential.digest, "email": credential.email or None}

        def work(connection: Connection) -> None:
            new = insert_into(connection, _credentials).values(shop_id=shop_id, known_as=known_as, **content)
            connection.execute(new.on_conflict_do_update(index_elements=list(_credentials.primary_key), set_=content))
            _shut_out(connection, shop_id, known_as)

        await self._database.write(work)

    async def find(self, shop_id: str, name: str) -> Credential | None:
        """See the port."""
        return await self._look(_KNOWN.where(*_named(_credentials, shop_id, name)))

    async def find_by_email(self, shop_id: str, email: str) -> Credential | None:
        """See the port."""
        at = (_credentials.c.shop_id == shop_id, _credentials.c.email == email.lower())
        return await self._look(_KNOWN.where(*at)) if email else None

    async def remove(self, shop_id: str, name: str) -> bool:
        """See the port."""

        def work(connection: Connection) -> bool:
            _shut_out(connection, shop_id, name.casefold())
            return connection.execute(delete(_credentials).where(*_named(_credentials, shop_id, name))).rowcount > 0

        return await self._database.write(work)

    async def offer(self, link: SignInLink, now: datetime) -> None:
        """See the port."""

        def work(connection: Connection) -> None:
            connection.execute(delete(_links).where(*_named(_links, link.shop_id, link.name)))
            _keep(connection, _links, link, now)

        await self._database.write(work)

    async def redeem(self, token_hash: str, now: datetime) -> SignInLink | None:
        """See the port."""
        take = (
            delete(_links)
            .where(_links.c.token_hash == token_hash, _links.c.until > now)
            .returning(_links.c.token_hash, _links.c.shop_id, _links.c.name, _links.c.until)
        )
        row = await self._database.write(lambda connection: connection.execute(take).first())
        return None if row is None else SignInLink(*row)

    async def sign_in(self, session: SignedIn, now: datetime) -> None:
        """See the port."""
        await self._database.write(lambda connection: _keep(connection, _sessions, session, now))

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

    async def _look(self, look: Select[str, str, str, str | None]) -> Credential | None:
        row = await self._database.peek(lambda connection: connection.execute(look).first())
        return None if row is None else Credential(row[0], row[1], row[2], row[3] or "")


_KNOWN = select(_credentials.c.shop_id, _credentials.c.name, _credentials.c.digest, _credentials.c.email)


def _named(table: Table, shop_id: str, name: str) -> tuple[ColumnElement[bool], ...]:
    return table.c.shop_id == shop_id, table.c.known_as == name.casefold()


def _keep(connection: Connection, table: Table, kept: SignedIn | SignInLink, now: datetime) -> None:
    """One more of what lets a person in for a time; those whose time is over are deleted."""
    values = {
        "token_hash": kept.token_hash,
        "shop_id": kept.shop_id,
        "known_as": kept.name.casefold(),
        "name": kept.name,
        "until": kept.until,
    }
    connection.execute(delete(table).where(table.c.until <= now))
    connection.execute(insert_into(connection, table).values(**values))


def _shut_out(connection: Connection, shop_id: str, known_as: str) -> None:
    for table in (_sessions, _links):
        connection.execute(delete(table).where(table.c.shop_id == shop_id, table.c.known_as == known_as))


class MemoryCredentialStore:
    """``casework.credentials.CredentialStore`` in this process."""

    def __init__(self) -> None:
        self._credentials: dict[tuple[str, str], Credential] = {}
        self._sessions: dict[str, SignedIn] = {}
        self._links: dict[str, SignInLink] = {}

    async def put(self, credential: Credential) -> None:
        """See the port."""
        self._credentials[credential.shop_id, credential.name.casefold()] = credential
        self._shut_out(credential.shop_id, credential.name)

    async def find(self, shop_id: str, name: str) -> Credential | None:
        """See the port."""
        return self._credentials.get((shop_id, name.casefold()))

    async def find_by_email(self, shop_id: str, email: str) -> Credential | None:
        """See the port."""
        known = (one for one in self._credentials.values() if one.shop_id == shop_id)
        return next((one for one in known if email and one.email == email.lower()), None)

    async def offer(self, link: SignInLink, now: datetime) -> None:
        """See the port."""
        self._links = {
            key: kept
            for key, kept in self._links.items()
            if kept.until > now and not _is_of(kept, link.shop_id, link.name)
        }
        self._links[link.token_hash] = link

    async def redeem(self, token_hash: str, now: datetime) -> SignInLink | None:
        """See the port."""
        link = self._links.get(token_hash)
        return self._links.pop(token_hash) if link is not None and link.until > now else None

    async def remove(self, shop_id: str, name: str) -> bool:
        """See the port."""
        self._shut_out(shop_id, name)
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

    def _shut_out(self, shop_id: str, name: str) -> None:
        self._sessions = {key: kept for key, kept in self._sessions.items() if not _is_of(kept, shop_id, name)}
        self._links = {key: kept for key, kept in self._links.items() if not _is_of(kept, shop_id, name)}


def _is_of(kept: SignedIn | SignInLink, shop_id: str, name: str) -> bool:
    return (kept.shop_id, kept.name.casefold()) == (shop_id, name.casefold())
