"""The widget's files."""

from __future__ import annotations

from fastapi import APIRouter, Header, Request, Response

from agent.errors import NotFound
from agent.widget.files import LAUNCHER, PARTS, widget_files

router = APIRouter(tags=["pages"])

FRESH = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin", "Vary": "Accept-Encoding"}
"""Asked for anew each time and mostly answered with 304: a launcher never meets parts of another version."""


@router.get(f"/{LAUNCHER}", include_in_schema=False)
@router.get(f"/{PARTS}/{{path:path}}", include_in_schema=False)
async def widget_file(
    request: Request,
    if_none_match: str | None = Header(default=None),
    accept_encoding: str = Header(default=""),
) -> Response:
    """A file of the widget, packed for whoever can unpack it."""
    file = widget_files().get(request.url.path.lstrip("/"))
    if file is None:
        raise NotFound()
    headers = {**FRESH, "ETag": file.etag}
    if if_none_match == file.etag:
        return Response(status_code=304, headers=headers)
    if takes_gzip(accept_encoding):
        return Response(file.packed, media_type=file.kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.content, media_type=file.kind, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Whether an ``Accept-Encoding`` names gzip and does not refuse it."""
    for one in accepted.lower().split(","):
        name, _, quality = one.replace(" ", "").partition(";")
        if name == "gzip":
            return quality not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
