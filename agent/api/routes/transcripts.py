"""A conversation as something to keep."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, JSONResponse

from agent.api.access import Own
from agent.api.documentation import READS, problems
from agent.api.parts import Parts
from agent.casework.transcripts import Words, transcript_html, transcript_json, transcript_md
from agent.errors import NotFound

router = APIRouter(tags=["shopper"])

_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_FORMS: dict[str, Any] = {
    "application/json": {"schema": {"type": "object"}},
    "text/markdown": _TEXT,
    "text/html": _TEXT,
}


@router.get(
    "/v1/conversations/{conversation_id}/transcript",
    response_class=Response,
    responses={200: {"description": "The transcript", "content": _FORMS}, **problems(*READS)},
)
async def transcript(
    own: Own, parts: Parts, form: Annotated[Literal["json", "md", "html"], Query(alias="format")] = "json"
) -> Response:
    """All that was said and done, with actions and handoffs: as data, as Markdown or as a page to print."""
    file = await parts.services.store.case_file(own.caller.shop_id, own.conversation.id)
    if file is None:
        raise NotFound()
    photos = await parts.attachments.of(own.caller.shop_id, own.conversation.id)
    if form == "json":
        return JSONResponse(transcript_json(file, photos))
    front = parts.services.storefronts[file.conversation.shop_id]
    words = Words(parts.services.sentences, front.zone, front.name)
    if form == "md":
        return Response(transcript_md(file, words, photos), media_type="text/markdown")
    return HTMLResponse(transcript_html(file, words, photos))
