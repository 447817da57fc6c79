"""The outermost frame of a request: headers on every response, a count of it, and an answer when all else fails."""

from __future__ import annotations

import structlog
from prometheus_client import Counter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.api.problems import internal

REQUESTS = Counter("postventa_http_requests", "Requests answered", ["method", "route", "status"])
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"})

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}

log = structlog.get_logger("postventa.http")


class SecurityHeaders:
    """Adds the headers that tell a browser what it may not do, to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                REQUESTS.labels(_method(scope), _route(scope), message["status"]).inc()
            await send(message)

        await self._app(scope, receive, send_on)


class Boundary:
    """Answers what nobody foresaw with a problem document that tells nothing, and logs the cause."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception:
            if started or scope["type"] != "http":
                raise
            log.exception("request_failed", method=_method(scope), route=_route(scope))
            await internal()(scope, receive, send)


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method in METHODS else "other"


def _route(scope: Scope) -> str:
    """The route's pattern, never the path: a counter for each conversation would fill the memory."""
    return str(getattr(scope.get("route"), "path", "none"))
