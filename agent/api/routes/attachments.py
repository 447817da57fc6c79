"""Photos of a conversation: send one, list them, look at one."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from agent.api.access import Own, TokenHeader, count_move, find_conversation
from agent.api.auth import DESK, authenticate
from agent.api.documentation import READS, WRITES, problems
from agent.api.once import IdempotencyKey, answer_once, scoped_key
from agent.api.parts import Parts
from agent.api.wire.conversation import AttachmentOut, Attachments
from agent.casework.attachments import MOST_BYTES, MOST_PHOTOS, render_attachment
from agent.casework.photos import KINDS, clean_photo
from agent.conversation import Conversation
from agent.errors import Conflict, Invalid, NotFound

router = APIRouter(tags=["shopper"])

PATH = "/v1/conversations/{conversation_id}/attachments"
AT_ONCE = asyncio.Semaphore(2)
"""Unpacked photos are large: so many are drawn anew at a time."""

_PICTURE: dict[str, Any] = {"schema": {"type": "string", "format": "binary", "maxLength": MOST_BYTES}}
PICTURES = dict.fromkeys(KINDS.values(), _PICTURE)
SAFE = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, no-store"}


async def seen_by(request: Request, conversation_id: str, parts: Parts, token: TokenHeader = None) -> Conversation:
    """The conversation in the path, for whoever has its token and for the shop's people."""
    caller = await authenticate(parts, request)
    if caller.kind != DESK:
        return await find_conversation(parts, caller, conversation_id, token)
    found = await parts.services.store.find(caller.shop_id, conversation_id)
    if found is None:
        raise NotFound()
    return found[0]


Seen = Annotated[Conversation, Depends(seen_by)]


@router.post(
    PATH,
    status_code=201,
    response_model=AttachmentOut,
    responses=problems(*WRITES),
    openapi_extra={"requestBody": {"required": True, "content": PICTURES}},
)
async def attach(own: Own, parts: Parts, request: Request, key: IdempotencyKey = None) -> Response:
    """Send a photo, as it is: the body is the file. At most 8 MiB; 10 in a conversation.

    What it is is told by its content. It is kept without what the camera wrote into it, at most 2,560 pixels long.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in PICTURES:
        raise Invalid("The `Content-Type` is one of image/jpeg, image/png and image/webp.")
    await count_move(parts, own.conversation)
    shop_id, conversation_id = own.caller.shop_id, own.conversation.id

    async def work() -> Response:
        if len(await parts.attachments.of(shop_id, conversation_id)) >= MOST_PHOTOS:
            raise Conflict(f"A conversation has at most {MOST_PHOTOS} photos.")
        content = await request.body()
        async with AT_ONCE:
            photo = await asyncio.to_thread(clean_photo, content)
        services = parts.services
        kept = await parts.attachments.keep(
            shop_id, conversation_id, services.new_id("att"), photo.content, photo.kind, services.clock()
        )
        if await services.store.find(shop_id, conversation_id) is None:
            # Erased while the photo was on its way: it goes the same way.
            await parts.attachments.erase(shop_id, conversation_id)
            raise NotFound()
        return JSONResponse(render_attachment(conversation_id, kept), 201)

    scoped = scoped_key(request, own.caller, key, conversation_id) if key else None
    return await answer_once(parts, request, shop_id, scoped, work)


@router.get(PATH, response_model=Attachments, responses=problems(*READS))
async def listed(seen: Seen, parts: Parts) -> Response:
    """The photos of the conversation, oldest first. The desk may see them too."""
    found = await parts.attachments.of(seen.shop_id, seen.id)
    return JSONResponse({"attachments": [render_attachment(seen.id, one) for one in found]})


@router.get(
    PATH + "/{name}",
    response_class=Response,
    responses={200: {"description": "The photo, to be saved", "content": PICTURES}, **problems(*READS)},
)
async def picture(seen: Seen, parts: Parts, name: Annotated[str, Path(max_length=100)]) -> Response:
    """One photo. A browser saves it and never shows it as a page of this address."""
    found = await parts.attachments.of(seen.shop_id, seen.id)
    kept = next((one for one in found if one.name == name), None)
    content = await parts.attachments.read(seen.shop_id, seen.id, name) if kept else None
    if kept is None or content is None:
        raise NotFound()
    named = {"Content-Disposition": f'attachment; filename="{kept.name}"'}
    return Response(content, media_type=kept.kind, headers={**SAFE, **named})
