"""PostgreSQL through asyncpg."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

Result = TypeVar("Result")


class Postgres:
    """A PostgreSQL database: ten connections for look-ups, up to fifteen for the rest.

    A look-up is one round trip: there is no transaction around it, and no asking before it whether the connection
    still lives, which would be three more. It is over so soon that standing in line beats opening a connection.
    """

    def __init__(self, url: URL) -> None:
        url = url.set(drivername="postgresql+asyncpg")
        self._lookups = create_async_engine(url, isolation_level="AUTOCOMMIT", pool_size=10, max_overflow=0)
        self._writers = create_async_engine(url, pool_pre_ping=True)
        self._readers = self._writers.execution_options(isolation_level="REPEATABLE READ")

    async def look_up(self, work: Callable[[Connection], Result]) -> Result:
        """Run it; once more on another connection when that one was lost."""
        try:
            async with self._lookups.connect() as connection:
                return await connection.run_sync(work)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return await self.read(work)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run it on one snapshot."""
        async with self._readers.begin() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run it; when its caller is cancelled it is rolled back."""
        async with self._writers.begin() as connection:
            return await connection.run_sync(work)

    async def dispose(self) -> None:
        """Close every connection."""
        await self._lookups.dispose()
        await self._writers.dispose()
