"""A line between a page and the service that can die the way lines of phones do: without a word to whoever listens."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit


@dataclass(eq=False)
class Call:
    """One connection: what each side writes is for the other, unless the line is dead."""

    page: asyncio.StreamWriter
    service: asyncio.StreamWriter
    dead: bool = False

    def close(self) -> None:
        """Now both sides know."""
        self.page.close()
        self.service.close()


@dataclass
class Line:
    """``with Line(service) as line``: the page calls ``line.address``."""

    service: str
    _calls: set[Call] = field(default_factory=set)

    @property
    def address(self) -> str:
        """Where the page calls."""
        return f"http://127.0.0.1:{self._port}/"

    def forget(self) -> None:
        """As a router does with whoever sleeps: what is open hears nothing more, and is cut when it next says something."""
        self._loop.call_soon_threadsafe(self._forget)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> asyncio.Server:
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        return server

    async def _stop(self) -> None:
        self._server.close()
        for call in list(self._calls):
            call.close()
        await asyncio.sleep(0.1)
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _forget(self) -> None:
        for call in self._calls:
            call.dead = True

    async def _connect(self, heard: asyncio.StreamReader, page: asyncio.StreamWriter) -> None:
        to = urlsplit(self.service)
        answered, service = await asyncio.open_connection(to.hostname, to.port)
        call = Call(page, service)
        self._calls.add(call)
        try:
            await asyncio.gather(self._up(call, heard), self._down(call, answered))
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._calls.discard(call)
            call.close()

    async def _up(self, call: Call, heard: asyncio.StreamReader) -> None:
        while some := await heard.read(65536):
            if call.dead:
                break
            call.service.write(some)
            await call.service.drain()
        call.close()

    async def _down(self, call: Call, answered: asyncio.StreamReader) -> None:
        while some := await answered.read(65536):
            if not call.dead:
                call.page.write(some)
                await call.page.drain()
        if not call.dead:
            call.close()
