"""Signing in by a link that is mailed: good for a quarter of an hour, for one person, once."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from agent.casework.credentials import SignInLink
from agent.console.answering import PageRoute, page_for
from agent.console.entering import DOOR, address_of_links, count_tries, let_in, place_of, show_door
from agent.console.forms import read_form
from agent.console.pages import texts
from agent.console.parts import ConsoleParts, Parts
from agent.console.sessions import hash_token
from agent.errors import NotFound

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)
log = structlog.get_logger("postventa.desk")

LASTS = timedelta(minutes=15)
ASKED_FOR_ONE, ASKED_FROM_ONE_PLACE, USED_FROM_ONE_PLACE = 3, 10, 30
PER_S = round(LASTS.total_seconds())


@router.post("/link")
async def ask_for_link(request: Request, parts: Parts) -> Response:
    """Have a link mailed. The answer, and how long it takes, is the same whoever has that address."""
    form = await read_form(request, request.cookies.get(DOOR))
    address = address_of_links(request, parts)
    if not address:
        raise NotFound()
    email, language = form.need("email", 254).lower(), page_for(request, parts).language
    place = place_of(request)
    tries = ((f"{parts.shop_id}:{email}", ASKED_FOR_ONE), (place, ASKED_FROM_ONE_PLACE))
    await count_tries(parts, "desk-link-asked", tries, PER_S)
    response = show_door(request, parts, told="link_sent")
    response.background = BackgroundTask(mail_link, parts, email, address, language)
    return response


@router.get("/enter")
async def link_page(request: Request, parts: Parts, key: str = "") -> Response:
    """What a link opens. Only its button uses the link up: programs that look through mails open every address."""
    return show_door(request, parts, "enter.html", key=key[:200])


@router.post("/enter")
async def enter(request: Request, parts: Parts) -> Response:
    """In, with a link that nobody has used."""
    form = await read_form(request, request.cookies.get(DOOR))
    await count_tries(parts, "desk-link-used", [(place_of(request), USED_FROM_ONE_PLACE)], PER_S)
    link = await parts.credentials.redeem(hash_token(form.need("key")), parts.services.clock())
    if link is None or link.shop_id != parts.shop_id:
        return show_door(request, parts, problem="problem.link_over", status=401)
    return await let_in(parts, request, link.name)


async def mail_link(parts: ConsoleParts, email: str, address: str, language: str) -> None:
    """To whoever has this address at the desk; to nobody when nobody has. A mail that does not leave is logged."""
    known = await parts.credentials.find_by_email(parts.shop_id, email)
    if known is None:
        return
    token, now = parts.new_token(), parts.services.clock()
    await parts.credentials.offer(SignInLink(hash_token(token), parts.shop_id, known.name, now + LASTS), now)
    shop, link = parts.services.storefronts[parts.shop_id].name, f"{address}/console/enter?{urlencode({'key': token})}"
    subject = texts().say("mail.link_subject", language, shop=shop)
    text = texts().say("mail.link_text", language, shop=shop, name=known.name, link=link, minutes=PER_S // 60)
    try:
        await parts.services.mail.send(parts.shop_id, known.email, subject, text, now)
    except OSError:
        log.warning("sign_in_link_not_sent", name=known.name)
