"""PostgreSQL through asyncpg."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from agent.store.columns import write_json

Result = TypeVar("Result")

HALF_AN_HOUR_S = 1800


class PostgresDatabase:
    """A PostgreSQL database with at most 20 connections; a statement that takes over 30 s is given up."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"),
            pool_size=10,
            max_overflow=10,
            pool_recycle=HALF_AN_HOUR_S,
            json_serializer=write_json,
            json_deserializer=json.loads,
            connect_args={
                "command_timeout": 30,
                "prepared_statement_cache_size": 300,
                "server_settings": {"application_name": "postventa", "jit": "off", "timezone": "UTC"},
            },
        )
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._peeker = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run a transaction that writes nothing, on one snapshot."""
        async with self._reader.begin() as connection:
            return await connection.run_sync(work)

    async def peek(self, work: Callable[[Connection], Result]) -> Result:
        """Run one statement that writes nothing, without the two round trips of a transaction around it."""
        async with self._peeker.connect() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run a transaction; when its caller is cancelled it is rolled back."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def dispose(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
