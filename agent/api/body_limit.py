"""No body above 256 KiB (8 MiB for a photo) goes any further, whether its length was announced or not."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.api.problems import answer_with
from agent.casework.attachments import MOST_BYTES as PHOTO_BYTES
from agent.errors import TooLarge

MOST_BYTES = 256 * 1024
PHOTOS = re.compile(r"/v1/conversations/[^/]+/attachments/?")
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class BodyLimit:
    """Reads a body before the application does, and hands it over whole, or answers 413."""

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        most = PHOTO_BYTES if PHOTOS.fullmatch(scope["path"]) else self._most
        if announced.isascii() and announced.isdigit() and int(announced[:12]) > most:
            await self._refuse(most, scope, receive, send)
        elif scope["method"] in WITHOUT_BODY:
            await self._app(scope, receive, send)
        elif (read := await self._read(receive, most)) is None:
            await self._refuse(most, scope, receive, send)
        else:
            await self._app(scope, _handing_over(read, receive), send)

    async def _read(self, receive: Receive, most: int) -> Message | None:
        """The body as one message (or the news that the caller is gone); None when there is too much of it."""
        chunks: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return message
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > most:
                return None
            chunks.append(chunk)
            more = message.get("more_body", False)
        return {"type": "http.request", "body": b"".join(chunks), "more_body": False}

    async def _refuse(self, most: int, scope: Scope, receive: Receive, send: Send) -> None:
        error = TooLarge(f"A body has at most {most} bytes.")
        await answer_with(error)(scope, receive, send)


def _handing_over(read: Message, receive: Receive) -> Receive:
    waiting = [read]

    async def hand_over() -> Message:
        return waiting.pop() if waiting else await receive()

    return hand_over
