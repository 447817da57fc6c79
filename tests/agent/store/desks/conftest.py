"""A server on loopback that answers what it is told, and remembers what it was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest


@dataclass(frozen=True)
class Heard:
    """A request as it came over the socket."""

    line: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Listener:
    """Answers ``status`` with ``headers``, or nothing at all when it is ``mute``."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    mute: bool = False
    heard: list[Heard] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *rows = head.split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows if row)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.heard.append(Heard(line, headers, body))
            if self.mute:
                await reader.read()
            else:
                writer.write(self._answer())
                await writer.drain()
        writer.close()

    def _answer(self) -> bytes:
        more = {**self.headers, "content-length": str(len(self.body)), "connection": "close"}
        rows = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", *(f"{k}: {v}" for k, v in more.items())]
        return "\r\n".join([*rows, "", ""]).encode("latin-1") + self.body


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    heard = Listener()
    server = await asyncio.start_server(heard.serve, "127.0.0.1", 0)
    heard.port = server.sockets[0].getsockname()[1]
    yield heard
    server.close()
    with suppress(TimeoutError):
        await asyncio.wait_for(server.wait_closed(), 1)


@pytest.fixture
def any_letter() -> Any:
    """The data of a letter, in three alphabets."""
    return {"conversation_id": "cnv_1", "id": "hnd_1", "queue": "orders", "note": "«año» ção 📦"}
