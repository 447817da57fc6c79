"""A small server that behaves as Chatwoot's application API does, on loopback: for tests and for trying the adapter out.

``python -m evals.chatwoot_server --port 8903 --hook http://127.0.0.1:8000/v1/desks/chatwoot/webhook`` and, in another
terminal, a service with ``POSTVENTA_CHATWOOT_URL=http://127.0.0.1:8903``, account 1, inbox 2, token ``cw_token`` and the secret
``cw_secret``. What it is told and what its people do is in ``evals.chatwoot_book``.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from evals.chatwoot_book import Book, Refused

ACCOUNT, INBOX, TOKEN, SECRET = 1, 2, "cw_token", "cw_secret"
PATH = "/api/v1/accounts/{account_id:int}"

Answer = Callable[[Book, Request, Any], Any]


class Fault(StrEnum):
    """What goes wrong with a request. ``ACK_LOST``: it is done, and the answer never arrives."""

    ERROR = "error"
    UNAUTHORIZED = "unauthorized"
    LIMITED = "limited"
    SILENT = "silent"
    MALFORMED = "malformed"
    EMPTY = "empty"
    ACK_LOST = "ack_lost"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came, and what was answered."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any
    status: int
    answer: Any


@dataclass
class ChatwootServer:
    """Serves ``book`` on a port of its own until the context is left. ``faults`` happen to the next requests, one each;
    ``always`` to all of them. Webhooks are signed and sent to ``hook`` in the order in which things happen.
    """

    hook: str = ""
    port: int = 0
    secret: str = SECRET
    book: Book = field(default_factory=lambda: Book(ACCOUNT, INBOX))
    faults: list[Fault | None] = field(default_factory=list)
    always: Fault | None = None
    asked: list[Asked] = field(default_factory=list)
    told: list[tuple[Mapping[str, Any], int]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What ``POSTVENTA_CHATWOOT_URL`` has to be."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, Any]:
        """What a service has to be set to, by the names of ``agent.settings``."""
        return {
            "chatwoot_url": self.url,
            "chatwoot_account": ACCOUNT,
            "chatwoot_inbox": INBOX,
            "chatwoot_token": TOKEN,
            "chatwoot_webhook_secrets": [self.secret],
        }

    async def __aenter__(self) -> Self:
        config = uvicorn.Config(
            self._app(), port=self.port, log_level="error", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started and not self._serving.done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # uvicorn tells nobody when it has started
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        await self._serving

    async def serve_forever(self) -> None:
        """Until cancelled; webhooks go out as they come up."""
        while True:
            await asyncio.sleep(0.2)
            await self.send_webhooks()

    async def send_webhooks(self, times: int = 1) -> None:
        """Send what waits, each that often: Chatwoot sends some things twice."""
        waiting, self.book.news = self.book.news, []
        if not self.hook:
            return
        async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
            for payload in [one for one in waiting for _ in range(times)]:
                await self._send(client, payload)

    async def _send(self, client: httpx2.AsyncClient, payload: Mapping[str, Any]) -> None:
        body = json.dumps(payload, ensure_ascii=False).encode()
        timestamp = str(int(self.book.now))
        digest = hmac.digest(self.secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()
        headers = {
            "content-type": "application/json",
            "x-chatwoot-signature": f"sha256={digest}",
            "x-chatwoot-timestamp": timestamp,
        }
        with suppress(httpx2.TransportError):
            response = await client.post(self.hook, content=body, headers=headers)
            self.told.append((payload, response.status_code))

    def _app(self) -> Starlette:
        routes = [
            Route(PATH + path, self._handler(answer), methods=[method]) for (method, path), answer in ANSWERS.items()
        ]
        return Starlette(routes=routes)

    def _handler(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            raw = await request.body()
            body = json.loads(raw) if raw else None
            fault = self.faults.pop(0) if self.faults else self.always
            status, content = self._answered(answer, request, body, fault)
            self.asked.append(
                Asked(request.method, request.url.path, request.url.query, dict(request.headers), body, status, content)
            )
            return await self._respond(request, fault, status, content)

        return handle

    def _answered(self, answer: Answer, request: Request, body: Any, fault: Fault | None) -> tuple[int, Any]:
        token = request.headers.get("api_access_token", "")
        if fault is Fault.UNAUTHORIZED or not hmac.compare_digest(token, TOKEN):
            return 401, {"error": "Invalid Access Token"}
        if fault not in (None, Fault.ACK_LOST):
            return 500, {"error": "Internal Server Error"}
        try:
            return 200, answer(self.book, request, body)
        except Refused as refused:
            return refused.status, {"error": str(refused)}

    async def _respond(self, request: Request, fault: Fault | None, status: int, content: Any) -> Response:
        if fault in (Fault.SILENT, Fault.ACK_LOST):
            while not await request.is_disconnected():  # noqa: ASYNC110  there is nothing to wait on
                await asyncio.sleep(0.01)
        if fault is Fault.LIMITED:
            return JSONResponse({"error": "Retry later"}, 429, {"Retry-After": "120"})
        if fault is Fault.MALFORMED:
            return Response("<html>maintenance</html>", 200, media_type="text/html")
        if fault is Fault.EMPTY:
            return JSONResponse({})
        return Response(status_code=status) if content is None else JSONResponse(content, status)


def _filtered(book: Book, _: Request, body: Any) -> Any:
    (wanted,) = body["payload"]
    found = book.contacts_with(wanted["attribute_key"], wanted["values"][0])
    return {"meta": {"count": len(found), "current_page": 1}, "payload": [one.shown() for one in found]}


def _created_contact(book: Book, _: Request, body: Any) -> Any:
    return {"payload": {"contact": book.add_contact(body).shown(), "contact_inbox": {"source_id": "-", "inbox": None}}}


def _listed(book: Book, request: Request, _: Any) -> Any:
    number = request.path_params["id"]
    return {"payload": [one.shown() for one in book.conversations.values() if one.contact.id == number]}


def _created_conversation(book: Book, _: Request, body: Any) -> Any:
    return book.add_conversation(body).shown()


def _messages(book: Book, request: Request, _: Any) -> Any:
    after = int(request.query_params.get("after", "0"))
    found = [one for one in book.conversation(request.path_params["id"]).messages if one.id > after]
    return {"meta": {}, "payload": [one.shown() for one in found[:100]]}


def _said(book: Book, request: Request, body: Any) -> Any:
    return book.say(request.path_params["id"], body).shown()


def _labelled(book: Book, request: Request, body: Any) -> Any:
    conversation = book.conversation(request.path_params["id"])
    conversation.labels = list(body["labels"])
    return {"payload": conversation.labels}


def _prioritised(book: Book, request: Request, body: Any) -> Any:
    book.conversation(request.path_params["id"]).priority = body["priority"]


def _changed(book: Book, request: Request, body: Any) -> Any:
    number = request.path_params["id"]
    book.set_status(number, body["status"])
    return {"meta": {}, "payload": {"success": True, "current_status": body["status"], "conversation_id": number}}


ANSWERS: Mapping[tuple[str, str], Answer] = {
    ("POST", "/contacts/filter"): _filtered,
    ("POST", "/contacts"): _created_contact,
    ("GET", "/contacts/{id:int}/conversations"): _listed,
    ("POST", "/conversations"): _created_conversation,
    ("GET", "/conversations/{id:int}/messages"): _messages,
    ("POST", "/conversations/{id:int}/messages"): _said,
    ("POST", "/conversations/{id:int}/labels"): _labelled,
    ("POST", "/conversations/{id:int}/toggle_priority"): _prioritised,
    ("POST", "/conversations/{id:int}/toggle_status"): _changed,
}


async def _serve_command(port: int, hook: str) -> None:
    async with ChatwootServer(hook=hook, port=port) as server:
        print(f"POSTVENTA_CHATWOOT_URL={server.url}", flush=True)
        await server.serve_forever()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m evals.chatwoot_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8903)
    parser.add_argument("--hook", default="")
    given = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve_command(given.port, given.hook))


if __name__ == "__main__":
    main()
