"""The help articles that replies cite."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from agent.api.documentation import problems
from agent.api.pages import ASSETS, asset, render
from agent.api.parts import Parts
from agent.errors import NotFound

router = APIRouter(tags=["pages"])

PAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}}
}
TITLES = {"es": "Ayuda", "en": "Help", "pt": "Ajuda"}


@router.get("/help/{language}/{article}", response_class=HTMLResponse, responses={**PAGE, **problems(404, 422, 500)})
async def article(language: Literal["es", "en", "pt"], article: str, parts: Parts) -> Response:
    """One article, as the agent quotes it."""
    body = parts.article_html(language, article)
    if body is None:
        raise NotFound()
    return HTMLResponse(render("article.html", language=language, title=TITLES[language], body=body))


@router.get("/pages/{name}", include_in_schema=False)
async def page_asset(name: str) -> Response:
    """Scripts and styles of the pages here."""
    if name not in ASSETS:
        raise NotFound()
    return Response(asset(name), media_type=ASSETS[name], headers={"Cache-Control": "max-age=300"})
