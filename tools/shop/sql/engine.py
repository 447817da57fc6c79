"""The order system's database as the shop sees it: transactions, each a plain function over one connection."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tools.shop.errors import ShopUnavailable
from tools.shop.sql.sqlite import SqliteFile, SqliteMemory
from tools.shop.sql.tables import metadata

Result = TypeVar("Result")


class Backend(Protocol):
    """SQLite or PostgreSQL, with its connections and threads."""

    async def look_up(self, work: Callable[[Connection], Result]) -> Result:
        """Run a single statement that reads a few rows by index."""
        ...

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run a transaction that reads, however much."""
        ...

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run a transaction, rolled back when ``work`` raises."""
        ...

    async def dispose(self) -> None:
        """Let connections and threads go."""
        ...


class ShopEngine:
    """A database whose silence is ``ShopUnavailable``, raised by whatever runs a transaction.

    Each transaction sees one moment. What only reads may be run twice.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def look_up(self, work: Callable[[Connection], Result]) -> Result:
        """Read a few rows by index, in a single statement; on SQLite the event loop waits for it."""
        with _answering():
            return await self._backend.look_up(work)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Read however much, without holding up anything else."""
        with _answering():
            return await self._backend.read(work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Committed at the end, rolled back by any exception; on SQLite no other writes until it ends."""
        with _answering():
            return await self._backend.write(work)

    async def dispose(self) -> None:
        """Let connections and threads go."""
        await self._backend.dispose()


def create_shop_engine(url: str) -> ShopEngine:
    """The database behind ``sqlite:///file.db``, ``sqlite://`` (in memory) or ``postgresql://user:password@host/name``.

    Connects on first use. Raises ``ValueError`` for any other.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError("the shop's database: not a URL") from error
    backend = parsed.drivername.partition("+")[0]
    if backend in ("postgresql", "postgres"):
        postgres = importlib.import_module("tools.shop.sql.postgres")  # SQLAlchemy's asyncio half; SQLite does without
        return ShopEngine(postgres.Postgres(parsed))
    if backend != "sqlite":
        raise ValueError(f"the shop's database: {parsed.render_as_string()} is neither SQLite nor PostgreSQL")
    in_memory = parsed.database in (None, "", ":memory:")
    return ShopEngine(SqliteMemory(parsed) if in_memory else SqliteFile(parsed))


async def create_tables(engine: ShopEngine) -> None:
    """Create the tables that are not there yet."""
    await engine.write(metadata.create_all)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except (DBAPIError, PoolTimeout, OSError) as error:
        raise ShopUnavailable("unavailable", type(error).__name__) from error
