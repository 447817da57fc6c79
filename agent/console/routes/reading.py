"""What the pages read: the list, a case, live conversations, exceptions, articles."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from agent.casework.desk.move import Person
from agent.console.answering import PageRoute, page_for, show
from agent.console.case import show_case, show_conversation
from agent.console.exceptions import exception_view
from agent.console.pages import Page, static
from agent.console.parts import ConsoleParts, Parts
from agent.console.rows import MINE, STATUSES, Chosen, case_groups, live_groups, next_of
from agent.console.sessions import Session, SignedInAs
from agent.errors import Busy, Forbidden, NotFound
from prompts.loader import LANGUAGES
from tools.shop.errors import ShopError

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)

QUEUES = ("general", "care", "orders", "exceptions", "specialists", "legal", "safety", "security", "privacy")
PHOTO_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}
FILE_HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
FACT_KINDS = ("order_number", "product", "size", "color", "address", "date", "reason", "phone", "email")


@router.get("")
async def queue(request: Request, parts: Parts, session: SignedInAs) -> Response:
    """The cases, none of them open."""
    return await _queue(request, parts, session, "")


@router.get("/cases/{handoff_id}")
async def case(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """The cases, with one of them open."""
    return await _queue(request, parts, session, handoff_id)


@router.get("/live")
async def live(request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Every conversation, for a lead."""
    return await _live(request, parts, session, "")


@router.get("/conversations/{conversation_id}")
async def conversation(conversation_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Every conversation, with one of them open, for a lead."""
    return await _live(request, parts, session, conversation_id)


@router.get("/conversations/{conversation_id}/photos/{name}")
async def photo(conversation_id: str, name: str, parts: Parts, session: SignedInAs) -> Response:
    """A photo of a conversation that has a case; for a lead, of any. Shown in a page, or saved, and never a page itself."""
    shop_id = session.person.shop_id
    file = await parts.services.store.case_file(shop_id, conversation_id)
    if file is None or not (file.handoffs or session.person.leads):
        raise NotFound()
    kept = next((one for one in await parts.attachments.of(shop_id, conversation_id) if one.name == name), None)
    content = await parts.attachments.read(shop_id, conversation_id, name) if kept else None
    if kept is None or content is None:
        raise NotFound()
    named = {"Content-Disposition": f'attachment; filename="{kept.name}"'}
    return Response(content, media_type=kept.kind, headers={**PHOTO_HEADERS, **named})


@router.get("/conversations/{conversation_id}/case")
async def saved_case(conversation_id: str, parts: Parts, session: SignedInAs) -> Response:
    """The conversation as a case of the evaluation suite, personal data replaced: a file, for a lead."""
    if not session.person.leads:
        raise Forbidden()
    if parts.as_case is None:
        raise NotFound()
    shop = parts.services.storefronts[parts.shop_id].shop
    try:
        name, text = await parts.as_case(parts.services.store, session.person.shop_id, conversation_id, shop)
    except LookupError as missing:
        raise NotFound() from missing
    except ShopError as silent:  # whose words are to be replaced is known to the shop alone
        raise Busy() from silent
    return Response(
        text,
        media_type="application/yaml",
        headers={**FILE_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/exceptions")
async def exceptions(request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Changes that wait for a person with authority."""
    page = page_for(request, parts)
    waiting = [exception_view(one, page, parts.services.sentences) for one in await parts.view.actions(session.person)]
    rows = await parts.view.queue(session.person, statuses=STATUSES["open"])
    groups = case_groups(rows, Chosen(), session.person.name, parts.services.clock())
    return await _page(request, parts, session, page, "exceptions", "", None, groups, exceptions=waiting)


@router.get("/search")
async def search(request: Request, parts: Parts, session: SignedInAs, q: str = "", locale: str = "") -> Response:
    """Passages of the articles, as a piece of a page."""
    page = page_for(request, parts)
    spoken = locale if locale in LANGUAGES else page.language
    found = await parts.view.search(session.person, q[:200], spoken) if q.strip() else []
    return show(request, page, "parts/found.html", passages=found, searched=bool(q.strip()))


@router.get("/static/{name}")
async def file(name: str) -> Response:
    """A script, a style or the icon."""
    found = static(name)
    if found is None:
        raise NotFound()
    content, kind = found
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


async def _queue(request: Request, parts: ConsoleParts, session: Session, handoff_id: str) -> Response:
    page, person = page_for(request, parts), session.person
    chosen = Chosen.of(request.query_params)
    rows = await parts.view.queue(
        person, statuses=STATUSES[chosen.show], queue=chosen.queue or None, mine=chosen.show == MINE
    )
    groups = case_groups(rows, chosen, person.name, parts.services.clock())
    opened = await show_case(parts, person, handoff_id, page) if handoff_id else None
    return await _page(request, parts, session, page, "queue", handoff_id, opened, groups, chosen=chosen)


async def _live(request: Request, parts: ConsoleParts, session: Session, conversation_id: str) -> Response:
    page, person = page_for(request, parts), session.person
    groups = live_groups(await parts.view.live(person))
    opened = await show_conversation(parts, person, conversation_id, page) if conversation_id else None
    return await _page(request, parts, session, page, "live", conversation_id, opened, groups)


async def _page(
    request: Request,
    parts: ConsoleParts,
    session: Session,
    page: Page,
    view: str,
    current: str,
    opened: dict[str, Any] | None,
    groups: list[dict[str, Any]],
    **more: Any,
) -> Response:
    person = session.person
    waiting = await parts.view.queue(person, statuses=("queued",))
    values = {
        "view": view,
        "title": page.say(view),
        "current": current,
        "case": opened,
        "groups": groups,
        "chosen": Chosen(),
        "queues": QUEUES,
        "people": await parts.view.people(person) if opened else (),
        "next_case": next_of(waiting),
        "counts": {"queued": len(waiting), "exceptions": len(await parts.view.actions(person))},
        "me": await _me(parts, person),
        "exceptions": (),
        "fact_kinds": FACT_KINDS,
        "form_word": session.form_word,
    }
    return show(request, page, "desk.html", **{**values, **more})


async def _me(parts: ConsoleParts, person: Person) -> dict[str, Any]:
    known = await parts.view.presence(person)
    return {
        "name": person.name,
        "role": person.role,
        "leads": person.leads,
        "status": known["status"],
        "capacity": known["capacity"],
        "held": known["open_cases"],
    }
