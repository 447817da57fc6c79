"""Signing in with a password, and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from agent.casework.desk.ports import Presence
from agent.console.answering import PageRoute, go_to
from agent.console.entering import DOOR, count_tries, let_in, place_of, remember_language, show_door
from agent.console.forms import read_form
from agent.console.parts import ConsoleParts, Parts
from agent.console.passwords import check_password, hash_password
from agent.console.sessions import LOOPBACK, SignedInAs, end_session
from agent.errors import NotFound
from prompts.loader import LANGUAGES

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)

TRIES, TRIES_FROM_ONE_PLACE, PER_S = 5, 30, 300


@router.get("/sign-in")
async def sign_in_page(request: Request, parts: Parts) -> Response:
    """The door."""
    return show_door(request, parts)


@router.post("/sign-in")
async def sign_in(request: Request, parts: Parts) -> Response:
    """Through the door, with a name and a password. A wrong name and a wrong password are answered alike, and as slowly."""
    form = await read_form(request, request.cookies.get(DOOR))
    name, password = form.need("name", 120), form.need("password")
    await _count(parts, request, name)
    known = await parts.credentials.find(parts.shop_id, name)
    digest = known.digest if known and known.digest else await hash_password("nobody's", parts.cost)
    if not await check_password(password, digest) or known is None or not known.digest:
        return show_door(request, parts, name=name, problem="problem.wrong_sign_in", status=401)
    return await let_in(parts, request, known.name)


@router.post("/demo-sign-in")
async def demo_sign_in(request: Request, parts: Parts) -> Response:
    """One click, as one of the demo's people, on this very machine."""
    form = await read_form(request, request.cookies.get(DOOR))
    person = next((one for one in parts.demo_people if one.name == form.get("name")), None)
    if person is None or place_of(request) not in LOOPBACK:
        raise NotFound()
    return await let_in(parts, request, person.name, person.role)


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
        remember_language(response, to)
    return response


async def _count(parts: ConsoleParts, request: Request, name: str) -> None:
    """Raises ``TooMany`` for guesses at one person, and for many from one address."""
    address, person = place_of(request), f"{parts.shop_id}:{name.casefold()}"
    tries = ((f"{person}:{address}", TRIES), (address, TRIES_FROM_ONE_PLACE), (person, TRIES_FROM_ONE_PLACE))
    await count_tries(parts, "desk-sign-in", tries, PER_S)
