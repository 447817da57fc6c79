"""The door: its page, coming in through it, and not letting anybody try for ever."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import Request, Response

from agent.casework.desk.move import Person
from agent.casework.desk.ports import Presence
from agent.console.answering import LANGUAGE, go_to, page_for, show
from agent.console.pages import texts
from agent.console.parts import ConsoleParts
from agent.console.sessions import LOOPBACK, PATH, form_word, role_of, set_cookie, start_session
from agent.errors import TooMany

DOOR = "postventa_desk_door"
YEAR_S = 31_536_000


def show_door(
    request: Request,
    parts: ConsoleParts,
    template: str = "sign_in.html",
    *,
    status: int = 200,
    problem: str = "",
    told: str = "",
    **values: str,
) -> Response:
    """A page of the door, with a form word of this browser's; ``problem`` and ``told`` are names of texts."""
    token = request.cookies.get(DOOR) or parts.new_token()
    page = page_for(request, parts)
    response = show(
        request,
        page,
        template,
        status,
        problem=texts().say(problem, page.language) if problem else "",
        told=page.say(told) if told else "",
        form_word=form_word(token),
        demo_people=parts.demo_people,
        by_link=bool(address_of_links(request, parts)),
        **{"name": "", **values},
    )
    set_cookie(request, response, DOOR, token)
    if page.language == request.query_params.get("language"):
        remember_language(response, page.language)
    return response


def remember_language(response: Response, language: str) -> None:
    """The pages are read in it from now on."""
    response.set_cookie(LANGUAGE, language, max_age=YEAR_S, path=PATH, samesite="strict", httponly=True)


async def let_in(parts: ConsoleParts, request: Request, name: str, new_as: str = "agent") -> Response:
    """To the desk, and there for cases; ``new_as`` is the role of somebody who was never there."""
    role = await role_of(parts, parts.shop_id, name) or new_as
    response = go_to(PATH)
    await parts.desk.set_presence(Person(parts.shop_id, name, role), Presence.ONLINE)
    await start_session(parts, name, request, response)
    response.delete_cookie(DOOR, path=PATH)
    return response


def address_of_links(request: Request, parts: ConsoleParts) -> str:
    """Where a mailed link leads; empty where none may be asked for.

    Never what a request from elsewhere says it was sent to: its ``Host`` is whatever its sender likes.
    """
    if not parts.mails_links:
        return ""
    here = place_of(request) in LOOPBACK and request.url.hostname in LOOPBACK
    return parts.address or (str(request.base_url).rstrip("/") if here else "")


def place_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""


async def count_tries(parts: ConsoleParts, rule: str, tries: Iterable[tuple[str, int]], per_s: int) -> None:
    """Count this try under each key, of which so many are allowed. Raises ``TooMany``."""
    for key, limit in tries:
        wait = await parts.services.limits.hit(rule, key, limit=limit, per_s=per_s)
        if wait:
            raise TooMany(wait)
