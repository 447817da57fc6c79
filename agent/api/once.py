"""``Idempotency-Key``: the same request sent twice is done once and answered alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated

from fastapi import Header, Request, Response

from agent.api.auth import WIDGET, Caller
from agent.api.parts import ApiParts
from agent.errors import Conflict, KeyReused

RETRY_S = 2

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="Unguessable, one for each request, the same when it is sent again; kept for 24 hours.",
    ),
]


class StillAtWork(Conflict):
    """The first request with this key has no answer yet."""

    retry_after = RETRY_S


def scoped_key(request: Request, caller: Caller, key: str, conversation_id: str | None) -> str:
    """The key as it is kept: one caller's key for one path and conversation is no other's.

    Everybody has the widget's key. A key for a conversation that does not exist yet is therefore bound to where the
    request comes from, so that nobody is handed a stranger's conversation for guessing a key.
    """
    where = [request.method, request.url.path, caller.kind, caller.name, conversation_id or ""]
    if conversation_id is None and caller.kind == WIDGET:
        where += [address_of(request), request.headers.get("user-agent", "")]
    return sha256("\n".join((*where, key)).encode("utf-8", "surrogatepass")).hexdigest()


def address_of(request: Request) -> str:
    """The caller's address, as the server saw it."""
    return request.client.host if request.client else ""


async def answer_once(
    parts: ApiParts, request: Request, shop_id: str, key: str | None, work: Callable[[], Awaitable[Response]]
) -> Response:
    """What ``work`` answers, or answered before. ``key`` is a scoped key.

    Raises ``KeyReused`` for another body and ``StillAtWork`` while the first request is not answered. Work that
    raises has its key given back.
    """
    if key is None:
        return await work()
    store = parts.idempotency
    body_hash = sha256(await request.body()).hexdigest()
    kept = await store.begin(shop_id, key, body_hash, parts.services.clock())
    if kept is None:
        return await _first(parts, shop_id, key, work)
    if kept.body_hash != body_hash:
        raise KeyReused()
    if kept.status == 0:
        raise StillAtWork("The first request with this key is still at work.")
    return Response(
        kept.body or None,
        kept.status,
        {"Idempotency-Replayed": "true"},
        "application/json" if kept.body else None,
    )


async def hold_to_body(parts: ApiParts, request: Request, caller: Caller, key: str, conversation_id: str) -> None:
    """For a stream, which tells of its turn again by itself: the key's first body is its only one. Raises ``KeyReused``."""

    async def nothing() -> Response:
        return Response(status_code=204)

    scoped = scoped_key(request, caller, f"stream {key}", conversation_id)
    await answer_once(parts, request, caller.shop_id, scoped, nothing)


async def _first(parts: ApiParts, shop_id: str, key: str, work: Callable[[], Awaitable[Response]]) -> Response:
    try:
        response = await work()
    except Exception:
        await parts.idempotency.drop(shop_id, key)
        raise
    await parts.idempotency.complete(shop_id, key, response.status_code, bytes(response.body).decode())
    return response
