"""A database as the store sees it: transactions, each a plain function over one connection."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from agent.errors import Misconfigured
from agent.store.sqlite import SqliteDatabase

Result = TypeVar("Result")


class Database(Protocol):
    """SQLite or PostgreSQL, with one connection pool."""

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run a transaction that writes nothing and sees one moment."""
        ...

    async def peek(self, work: Callable[[Connection], Result]) -> Result:
        """Run a single statement that writes nothing."""
        ...

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run a transaction, rolled back when ``work`` raises; on SQLite no other writes until it ends."""
        ...

    async def dispose(self) -> None:
        """Let connections and threads go."""
        ...


def open_database(url: str) -> Database:
    """The database behind ``sqlite:///file.db`` or ``postgresql://user:password@host/name``; connects on first use.

    Raises ``Misconfigured`` for any other URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Misconfigured("database URL: not a URL") from error
    backend = "postgresql" if parsed.drivername == "postgres" else parsed.drivername.partition("+")[0]
    if backend == "postgresql":
        postgres = importlib.import_module("agent.store.postgres")  # SQLAlchemy's asyncio half; SQLite does without
        found: Database = postgres.PostgresDatabase(parsed)
        return found
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return SqliteDatabase(parsed)
    raise Misconfigured(f"database URL: {parsed.render_as_string()} is neither a SQLite file nor PostgreSQL")
