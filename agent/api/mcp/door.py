"""``/mcp``: the transport of MCP behind our own door. What it takes is imported when somebody first knocks."""

from __future__ import annotations

import asyncio
import importlib
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from agent.api.moves import opening_headers
from agent.api.parts import ApiParts, McpRules
from agent.api.problems import answer_with
from agent.errors import PostventaError

PATH = "/mcp"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
VISIT = "postventa.visit"


class McpDoor:
    """An ASGI application. Nothing is kept between requests: any replica answers any of them.

    The library (a second of processor to import) comes with the first request, in a thread.
    """

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts
        self._lock = asyncio.Lock()
        self._manager: Any = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["method"] != "POST":  # no stream stands open between requests, and no session is there to end
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
            return
        try:
            await self._open()
            visit = await importlib.import_module("agent.api.mcp.visit").visit_of(self._parts, Request(scope, receive))
        except PostventaError as refused:
            await answer_with(refused)(scope, receive, send)
            return
        scope[VISIT] = visit

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and visit.opened is not None:
                MutableHeaders(scope=message).update(opening_headers(visit.opened))
            await send(message)

        await self._manager.handle_request(scope, receive, send_on)

    async def close(self) -> None:
        """End what is open."""
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running

    async def _open(self) -> None:
        async with self._lock:
            if self._manager is None:
                manager = await asyncio.to_thread(_build, self._parts)
                started = asyncio.Event()
                self._running = asyncio.create_task(_run(manager, started))
                await started.wait()
                self._manager = manager


async def _run(manager: Any, started: asyncio.Event) -> None:
    async with manager.run():
        started.set()
        await asyncio.Event().wait()


def _build(parts: ApiParts) -> Any:
    managing = importlib.import_module("mcp.server.streamable_http_manager")
    security = importlib.import_module("mcp.server.transport_security")
    server = importlib.import_module("agent.api.mcp.serve").build_server(parts)
    hosts, origins = allowed(parts.mcp)
    return managing.StreamableHTTPSessionManager(
        server,
        json_response=True,
        stateless=True,
        security_settings=security.TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins),
    )


def allowed(rules: McpRules) -> tuple[list[str], list[str]]:
    """Names in ``Host``, and pages in ``Origin``, that are served: a page that had its own name point here is not."""
    named = [*rules.hosts]
    if rules.public_url:
        named.append(urlsplit(rules.public_url).netloc)
    hosts = [*LOOPBACK, *(f"{one}:*" for one in LOOPBACK), *named]
    origins = [f"{scheme}://{one}" for scheme in ("http", "https") for one in hosts]
    return hosts, origins
