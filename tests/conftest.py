"""What holds for every test: no network but this machine's, no keys, and real services when they are there."""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import asyncpg
import pytest
import structlog
from redis import Redis
from redis.exceptions import RedisError

POSTGRES = os.environ.get("POSTVENTA_TEST_POSTGRES", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("POSTVENTA_TEST_REDIS", "redis://127.0.0.1:6379/0")

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
ANYWHERE = ("", None, b"")
SECRETS = ("OPENAI_", "LANGSMITH_", "LANGCHAIN_")


class NetworkForbidden(RuntimeError):
    """A test reached for another machine."""


def pytest_configure() -> None:
    """Before any module is collected, so that imports are held to it too."""
    for name in list(os.environ):
        of_a_run = name.startswith("POSTVENTA_") and not name.startswith("POSTVENTA_TEST_")
        if of_a_run or name.startswith(SECRETS):
            del os.environ[name]
    _forbid_network()
    _forget_loggers()


def _forget_loggers() -> None:
    """Loggers are looked up at each use: one that a test's command set up would write on, to a stream that is closed."""
    configure = structlog.configure
    structlog.configure = lambda *args, **options: configure(*args, **{**options, "cache_logger_on_first_use": False})


@pytest.fixture(autouse=True)
def _usual_logging() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def _forbid_network() -> None:
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_strangers(self, address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_strangers(self, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        if host not in ANYWHERE and not _is_here(host):
            raise NetworkForbidden(f"tests may not look up {host!r}")
        return look_up(host, *args, **options)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_look_up


def _refuse_strangers(sock: socket.socket, address: Any) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
        raise NetworkForbidden(f"tests may not connect to {address!r}")


def _is_here(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name.startswith(LOOPBACK)


def _missing(service: str, error: Exception) -> NoReturn:
    reason = f"{service} does not answer: {type(error).__name__}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An empty database of this run's own, as an SQLAlchemy URL; dropped afterwards."""
    server = POSTGRES.replace("+asyncpg", "")
    name = f"postventa_test_{uuid.uuid4().hex}"
    try:
        asyncio.run(_run_sql(server, f'CREATE DATABASE "{name}"'))
    except (OSError, asyncpg.PostgresError) as error:
        _missing("PostgreSQL", error)
    yield f"{POSTGRES.rpartition('/')[0]}/{name}"
    asyncio.run(_run_sql(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _run_sql(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url, timeout=3)
    await connection.execute(sql)
    await connection.close()


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis that answers."""
    with Redis.from_url(REDIS, socket_connect_timeout=3) as client:
        try:
            client.ping()
        except (RedisError, OSError) as error:
            _missing("Redis", error)
    return REDIS


@pytest.fixture
def redis_prefix(redis_url: str) -> Iterator[str]:
    """A prefix of this test's own; what is kept under it is deleted afterwards."""
    prefix = f"postventa-test-{uuid.uuid4().hex}"
    yield prefix
    with Redis.from_url(redis_url) as client:
        for key in client.scan_iter(f"*{prefix}*"):
            client.delete(key)


@pytest.fixture(scope="session")
def library_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the library is built; ``POSTVENTA_TEST_LIBRARY`` names a folder to keep it in between runs."""
    kept = os.environ.get("POSTVENTA_TEST_LIBRARY")
    return Path(kept) if kept else tmp_path_factory.mktemp("library")


@pytest.fixture(scope="session")
def library(library_folder: Path) -> Any:
    """What every ``evals.world.open_world`` of this run stands on: built once, some ten seconds."""
    from evals.world import open_library

    return asyncio.run(open_library(library_folder))
