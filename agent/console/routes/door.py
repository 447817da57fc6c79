"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from agent.casework.desk.move import Person
from agent.casework.desk.ports import Presence
from agent.console.answering import LANGUAGE, PageRoute, go_to, page_for, show
from agent.console.forms import read_form
from agent.console.pages import texts
from agent.console.parts import ConsoleParts, Parts
from agent.console.passwords import check_password, hash_password
from agent.console.sessions import LOOPBACK, SignedInAs, end_session, form_word, role_of, set_cookie, start_session
from agent.errors import NotFound, TooMany
from prompts.loader import LANGUAGES

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)

DOOR = "postventa_desk_door"
TRIES, TRIES_FROM_ONE_PLACE, PER_S = 5, 30, 300


@router.get("/sign-in")
async def sign_in_page(request: Request, parts: Parts) -> Response:
    """The door."""
    return _door(request, parts)


@router.post("/sign-in")
async def sign_in(request: Request, parts: Parts) -> Response:
    """Through the door, with a name and a password. A wrong name and a wrong password are answered alike, and as slowly."""
    form = await read_form(request, request.cookies.get(DOOR))
    name, password = form.need("name", 120), form.need("password")
    await _count(parts, request, name)
    known = await parts.credentials.find(parts.shop_id, name)
    digest = known.digest if known else await hash_password("nobody's", parts.cost)
    if not await check_password(password, digest) or known is None:
        return _door(request, parts, name=name, problem="problem.wrong_sign_in", status=401)
    role = await role_of(parts, parts.shop_id, known.name)
    return await _enter(parts, request, Person(parts.shop_id, known.name, role or "agent"))


@router.post("/demo-sign-in")
async def demo_sign_in(request: Request, parts: Parts) -> Response:
    """One click, as one of the demo's people, on this very machine."""
    form = await read_form(request, request.cookies.get(DOOR))
    here = request.client is not None and request.client.host in LOOPBACK
    person = next((one for one in parts.demo_people if one.name == form.get("name")), None)
    if person is None or not here:
        raise NotFound()
    return await _enter(parts, request, Person(parts.shop_id, person.name, person.role))


@router.post("/sign-out")
async def sign_out(request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Out, and no longer there for cases."""
    await read_form(request, session.token)
    await parts.desk.set_presence(session.person, Presence.OFFLINE)
    response = go_to("/console/sign-in")
    await end_session(parts, session, response)
    return response


@router.get("/language")
async def choose_language(to: str = "") -> Response:
    """Read the pages in another language from now on."""
    response = go_to("/console")
    if to in LANGUAGES:
        response.set_cookie(LANGUAGE, to, max_age=31_536_000, path="/console", samesite="strict", httponly=True)
    return response


def _door(request: Request, parts: ConsoleParts, name: str = "", problem: str = "", status: int = 200) -> Response:
    token = request.cookies.get(DOOR) or parts.new_token()
    page = page_for(request, parts)
    said = texts().say(problem, page.language) if problem else ""
    response = show(
        request,
        page,
        "sign_in.html",
        status,
        name=name,
        problem=said,
        form_word=form_word(token),
        demo_people=parts.demo_people,
    )
    set_cookie(request, response, DOOR, token)
    if page.language == request.query_params.get("language"):
        response.set_cookie(LANGUAGE, page.language, max_age=31_536_000, path="/console", samesite="strict")
    return response


async def _enter(parts: ConsoleParts, request: Request, person: Person) -> Response:
    response = go_to("/console")
    await parts.desk.set_presence(person, Presence.ONLINE)
    await start_session(parts, person.name, request, response)
    response.delete_cookie(DOOR, path="/console")
    return response


async def _count(parts: ConsoleParts, request: Request, name: str) -> None:
    """Raises ``TooMany`` for guesses at one person, and for many from one address."""
    address = request.client.host if request.client else ""
    person = f"{parts.shop_id}:{name.casefold()}"
    for key, limit in ((f"{person}:{address}", TRIES), (address, TRIES_FROM_ONE_PLACE), (person, TRIES_FROM_ONE_PLACE)):
        wait = await parts.services.limits.hit("desk-sign-in", key, limit=limit, per_s=PER_S)
        if wait:
            raise TooMany(wait)
