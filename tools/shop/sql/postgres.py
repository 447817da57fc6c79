"""PostgreSQL through asyncpg."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

Result = TypeVar("Result")


class Postgres:
    """A PostgreSQL database; a connection that went dead is replaced before it is used."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), pool_pre_ping=True)
        self._readers = self._engine.execution_options(isolation_level="REPEATABLE READ")

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run it on one snapshot."""
        async with self._readers.begin() as connection:
            return await connection.run_sync(work)

    look_up = read

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run it; when its caller is cancelled it is rolled back."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def dispose(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
