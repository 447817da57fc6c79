"""What people do at the desk's pages: each form is one move of ``agent.casework.desk``."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from agent.casework.desk.ports import Presence
from agent.console.answering import PageRoute, go_to
from agent.console.forms import Form, read_form
from agent.console.parts import Parts
from agent.console.sessions import SignedInAs
from agent.errors import Invalid

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)

TEXT, NOTES = 4000, 2000


@router.post("/cases/{handoff_id}/claim")
async def claim(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Take it."""
    await read_form(request, session.token)
    await parts.desk.claim(session.person, handoff_id)
    return _case(handoff_id)


@router.post("/cases/{handoff_id}/messages")
async def say(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Write to the shopper. The page names each message, so that one sent twice arrives once."""
    form = await read_form(request, session.token)
    await parts.desk.say(
        session.person,
        handoff_id,
        form.need("text", TEXT),
        client_message_id=_named(form),
        draft_id=form.get("draft_id") or None,
    )
    return _case(handoff_id)


@router.post("/cases/{handoff_id}/typing")
async def typing(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Let the shopper see it."""
    await read_form(request, session.token)
    await parts.desk.typing(session.person, handoff_id)
    return Response(status_code=204)


@router.post("/cases/{handoff_id}/notes")
async def note(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """For colleagues only."""
    form = await read_form(request, session.token)
    await parts.desk.note(session.person, handoff_id, form.need("text", TEXT), request_id=_named(form))
    return _case(handoff_id)


@router.post("/cases/{handoff_id}/whisper")
async def whisper(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """A lead's word to whoever has the case."""
    form = await read_form(request, session.token)
    await parts.desk.whisper(session.person, handoff_id, form.need("text", TEXT), request_id=_named(form))
    return _case(handoff_id)


@router.post("/cases/{handoff_id}/transfer")
async def transfer(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """To another queue or another person."""
    form = await read_form(request, session.token)
    queue, to = form.get("queue") or None, form.get("to") or None
    await parts.desk.transfer(session.person, handoff_id, queue=queue, to=to)
    return _case(handoff_id)


@router.post("/cases/{handoff_id}/return")
async def give_back(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Back to the agent, with what was agreed in words and, when one was filled in, as a fact."""
    form = await read_form(request, session.token)
    kind, value = form.get("fact_kind", 40), form.get("fact_value")
    facts = [{"kind": kind, "value": value}] if kind and value else []
    await parts.desk.give_back(session.person, handoff_id, form.need("notes", NOTES), facts)
    return _case(handoff_id)


@router.post("/cases/{handoff_id}/resolve")
async def resolve(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Close it."""
    form = await read_form(request, session.token)
    await parts.desk.resolve(session.person, handoff_id, form.need("outcome"), form.get("notes", NOTES))
    return _case(handoff_id)


@router.post("/cases/{handoff_id}/reopen")
async def reopen(handoff_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Take it up again."""
    await read_form(request, session.token)
    await parts.desk.reopen(session.person, handoff_id)
    return _case(handoff_id)


@router.post("/conversations/{conversation_id}/takeover")
async def take_over(conversation_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """A lead takes any conversation."""
    await read_form(request, session.token)
    taken = await parts.desk.take_over(session.person, conversation_id)
    return _case(taken["handoff_id"])


@router.post("/actions/{action_id}/approve")
async def approve(action_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Allow what policy left to a person."""
    form = await read_form(request, session.token)
    await parts.desk.approve(session.person, action_id, form.get("note", NOTES))
    return _decided(form)


@router.post("/actions/{action_id}/decline")
async def decline(action_id: str, request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Refuse it."""
    form = await read_form(request, session.token)
    await parts.desk.decline(session.person, action_id, form.get("note", NOTES))
    return _decided(form)


@router.post("/presence")
async def presence(request: Request, parts: Parts, session: SignedInAs) -> Response:
    """Whether one takes cases, and how many."""
    form = await read_form(request, session.token)
    status, capacity = form.need("status"), form.get("capacity")
    if status not in set(Presence) or not capacity.isascii() or not capacity.isdigit():
        raise Invalid("status, capacity: one of the choices is wanted.")
    await parts.desk.set_presence(session.person, Presence(status), int(capacity[:3]))
    return go_to("/console")


def _case(handoff_id: str) -> Response:
    return go_to(f"/console/cases/{handoff_id}")


def _decided(form: Form) -> Response:
    """Back to where it was decided: the case, or the list of exceptions."""
    back = form.get("back", 100)
    return _case(quote(back, safe="")) if back else go_to("/console/exceptions")


def _named(form: Form) -> str | None:
    return form.get("sent_as", 80) or None
