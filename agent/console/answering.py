"""Pages as responses, in the reader's language; what was refused becomes a page too."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from agent.console.pages import Page, texts
from agent.console.parts import ConsoleParts
from agent.errors import Invalid, PostventaError, Unauthorized
from prompts.loader import LANGUAGES

LANGUAGE, THEME = "postventa_desk_language", "postventa_desk_theme"
THEMES = ("light", "dark")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def page_for(request: Request, parts: ConsoleParts) -> Page:
    """In the language chosen at the desk, else in the browser's first that there is, else in the shop's."""
    front = parts.services.storefronts[parts.shop_id]
    wished = [request.query_params.get("language", ""), request.cookies.get(LANGUAGE, "")]
    wished += [one.strip()[:2] for one in request.headers.get("accept-language", "").lower().split(",")]
    return Page(next((one for one in wished if one in LANGUAGES), front.language), front.zone)


def theme_of(request: Request) -> str:
    """``light``, ``dark``, or empty: as the machine has it."""
    chosen = request.cookies.get(THEME, "")
    return chosen if chosen in THEMES else ""


def show(request: Request, page: Page, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A rendered page, on which nothing runs or loads but what this service serves."""
    return HTMLResponse(page.render(template, theme=theme_of(request), **values), status, HEADERS)


def go_to(path: str, **query: str) -> RedirectResponse:
    """Read that page next."""
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)


class PageRoute(APIRoute):
    """A route whose refusals are pages; whoever is not signed in is sent to the door."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See FastAPI."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Unauthorized:
                return go_to("/console/sign-in")
            except RequestValidationError:
                return _refusal(request, Invalid())
            except PostventaError as refused:
                return _refusal(request, refused)

        return answer


def _refusal(request: Request, refused: PostventaError) -> Response:
    page = page_for(request, request.app.state.console)
    response = show(
        request, page, "problem.html", refused.status, problem=problem_text(page, refused), type=refused.type
    )
    if retry_after := getattr(refused, "retry_after", None):
        response.headers["Retry-After"] = str(retry_after)
    return response


def problem_text(page: Page, refused: PostventaError) -> str:
    """What the reader is told of a refusal."""
    key = f"problem.{refused.type.replace('-', '_')}"
    return texts().say(key if texts().has(key) else "problem.other", page.language)
