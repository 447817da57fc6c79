"""Connections to the order system's database, and what its silence means."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from tools.shop.errors import ShopUnavailable
from tools.shop.sql.tables import metadata

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
PRAGMAS = ("journal_mode=wal", "synchronous=normal", "busy_timeout=10000", "foreign_keys=on")


def create_shop_engine(url: str) -> AsyncEngine:
    """An engine for SQLite (``sqlite:///file.db``) or PostgreSQL (``postgresql://...``).

    On SQLite it writes ahead and takes the write lock as a transaction begins, since one that starts reading and
    then writes fails at once under load instead of waiting. A database in memory is one connection, used in turn.
    """
    parsed = make_url(url)
    parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_pre_ping=True)
    if parsed.database in (None, "", ":memory:"):
        engine = create_async_engine(parsed, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0)
    else:
        engine = create_async_engine(parsed)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


async def create_tables(engine: AsyncEngine) -> None:
    """Create the tables that are not there yet."""
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)


@asynccontextmanager
async def read(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection to read with, of one moment. Raises ``ShopUnavailable`` when the database does not answer."""
    with _answering():
        async with engine.execution_options(reads_only=True).connect() as connection:
            yield connection


@asynccontextmanager
async def write(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction: committed at the end, rolled back by any exception. Raises ``ShopUnavailable`` like ``read``."""
    with _answering():
        async with engine.begin() as connection:
            yield connection


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except (DBAPIError, PoolTimeout, OSError) as error:
        raise ShopUnavailable("unavailable", type(error).__name__) from error


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
