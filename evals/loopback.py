"""A small HTTP/1.1 client for one connection to this machine: light enough not to be what a benchmark measures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Self


class Loopback:
    """One keep-alive connection to ``127.0.0.1``. Answers ``(status, JSON)``."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._streams is not None:
            self._streams[1].close()
            await self._streams[1].wait_closed()

    async def get(self, path: str) -> tuple[int, Any]:
        """GET."""
        return await self._ask(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    async def post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, Any]:
        """POST JSON."""
        content = json.dumps(body).encode()
        rows = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
        rows += [f"Content-Length: {len(content)}", *(f"{name}: {value}" for name, value in headers.items())]
        return await self._ask("\r\n".join([*rows, "", ""]).encode() + content)

    async def stream(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> AsyncIterator[bytes]:
        """POST JSON and hear the answer as it comes, a chunk a time."""
        if self._streams is None:
            raise RuntimeError("not connected")
        reader, writer = self._streams
        content = json.dumps(body).encode()
        rows = [
            f"POST {path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            "Accept: text/event-stream",
        ]
        rows += [f"Content-Length: {len(content)}", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write("\r\n".join([*rows, "", ""]).encode() + content)
        await reader.readuntil(b"\r\n\r\n")
        while (size := int(await reader.readline(), 16)) > 0:
            yield (await reader.readexactly(size + 2))[:-2]
        await reader.readline()

    async def _ask(self, request: bytes) -> tuple[int, Any]:
        if self._streams is None:
            raise RuntimeError("not connected")
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        rows = (row.partition(":") for row in head.lower().split("\r\n")[1:])
        length = next((int(value) for name, _, value in rows if name == "content-length"), 0)
        content = await reader.readexactly(length)
        return status, json.loads(content) if content else None
