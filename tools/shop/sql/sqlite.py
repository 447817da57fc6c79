"""SQLite through the standard driver: short reads where they are asked for, the rest in threads.

A look-up by index takes 0.03-0.1 ms of a local file; handing it to a thread and back costs 0.04 ms more, and through
``aiosqlite``, which changes threads four times a statement, an order took 0.9 ms.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

Result = TypeVar("Result")

DRIVER = "sqlite+pysqlite"
PATIENCE_S = 10.0


class SqliteFile:
    """A file that writes ahead, so that reading never waits for a writer. Several processes may share it."""

    def __init__(self, url: URL) -> None:
        self._lookups = _open(url, wait=0.0, begin="BEGIN")
        self._readers = _open(url, wait=PATIENCE_S, begin="BEGIN")
        self._writers = _open(url, wait=PATIENCE_S, begin="BEGIN IMMEDIATE")
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="shop-write")

    async def look_up(self, work: Callable[[Connection], Result]) -> Result:
        """Run it here and now; in a thread when another process has the whole file locked for a moment."""
        try:
            return _run(self._lookups, work)
        except OperationalError:
            return await self.read(work)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run it in a thread."""
        return await asyncio.to_thread(_run, self._readers, work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run it under the file's write lock, one after the other in one thread. Once begun it ends, though its
        caller is cancelled; it waits up to 10 s for a writer of another process.
        """
        return await asyncio.get_running_loop().run_in_executor(self._write_thread, _run, self._writers, work)

    async def dispose(self) -> None:
        """Wait for what is being written, then close."""
        await asyncio.to_thread(self._write_thread.shutdown)
        for engine in (self._lookups, self._readers, self._writers):
            engine.dispose()


class SqliteMemory:
    """A database in memory: one connection, every transaction run where it is asked for, so never two at once."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url.set(drivername=DRIVER), poolclass=StaticPool)
        _begin_with(self._engine, "BEGIN")

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run it."""
        return _run(self._engine, work)

    look_up = write
    read = write

    async def dispose(self) -> None:
        """Close, and forget all of it."""
        self._engine.dispose()


def _open(url: URL, *, wait: float, begin: str) -> Engine:
    engine = create_engine(url.set(drivername=DRIVER), connect_args={"timeout": wait})
    event.listen(engine, "connect", _write_ahead)
    _begin_with(engine, begin)
    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    """Have transactions begin when they begin; the driver waits for their first write, and takes the lock too late."""

    def leave_it_to_us(connection: Any, _: object) -> None:
        connection.isolation_level = None

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    event.listen(engine, "connect", leave_it_to_us)
    event.listen(engine, "begin", begin)


def _write_ahead(connection: Any, _: object) -> None:
    for pragma in ("journal_mode=wal", "synchronous=normal"):
        connection.execute(f"pragma {pragma}")


def _run(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    with engine.begin() as connection:
        return work(connection)
