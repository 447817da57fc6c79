"""The desk: what a person does with a case. Each is a turn of the conversation, in order with the shopper's own."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from fastapi import APIRouter, Response

from agent.api.desk_parts import Moves, OnceOnly, View, Who
from agent.api.documentation import READS, WRITES, problems
from agent.api.limiting import count
from agent.api.parts import Parts
from agent.api.wire.desk import (
    DeskCase,
    NoteIn,
    NoteOut,
    ReopenIn,
    ResolveIn,
    ReturnIn,
    SaidOut,
    SayIn,
    TransferIn,
)
from agent.casework.desk.move import Person
from agent.casework.desk.view import DeskView
from agent.conversation import Json

router = APIRouter(prefix="/v1/desk", tags=["desk"])


async def _case_after(view: DeskView, person: Person, move: Awaitable[Json]) -> dict[str, Any]:
    """The case as it stands once the move is made."""
    return await view.case(person, (await move)["handoff_id"])


@router.post("/handoffs/{handoff_id}/claim", response_model=DeskCase, responses=problems(*WRITES))
async def claim(handoff_id: str, person: Who, desk: Moves, view: View, once: OnceOnly) -> Response:
    """Take the case. One person has it: `already-claimed` for everybody else, `at-capacity` for who has too many."""
    return await once.answer(lambda key: _case_after(view, person, desk.claim(person, handoff_id, request_id=key)))


@router.post("/handoffs/{handoff_id}/messages", response_model=SaidOut, responses=problems(*WRITES))
async def say(handoff_id: str, body: SayIn, person: Who, desk: Moves, once: OnceOnly) -> Response:
    """Write to the shopper. The case has to be one's own (`not-claimed`, `already-claimed`)."""

    async def work(key: str | None) -> Any:
        name = body.client_message_id or key
        said = await desk.say(person, handoff_id, body.text, client_message_id=name, draft_id=body.draft_id)
        return {"message": said["message"]}

    return await once.answer(work)


@router.post("/handoffs/{handoff_id}/typing", status_code=204, responses=problems(*READS, 429))
async def typing(handoff_id: str, person: Who, desk: Moves, parts: Parts) -> Response:
    """The shopper sees that somebody writes; nothing is stored."""
    await count(parts, "desk_typing", f"{person.shop_id}:{person.name}", parts.rates.typing)
    await desk.typing(person, handoff_id)
    return Response(status_code=204)


@router.post("/handoffs/{handoff_id}/notes", response_model=NoteOut, responses=problems(*WRITES))
async def note(handoff_id: str, body: NoteIn, person: Who, desk: Moves, once: OnceOnly) -> Response:
    """Write something down for colleagues. The shopper never sees it."""

    async def work(key: str | None) -> Any:
        return {"entry": (await desk.note(person, handoff_id, body.text, request_id=key))["entry"]}

    return await once.answer(work)


@router.post("/handoffs/{handoff_id}/whisper", response_model=NoteOut, responses=problems(*WRITES))
async def whisper(handoff_id: str, body: NoteIn, person: Who, desk: Moves, once: OnceOnly) -> Response:
    """A lead's word to whoever has the case."""

    async def work(key: str | None) -> Any:
        return {"entry": (await desk.whisper(person, handoff_id, body.text, request_id=key))["entry"]}

    return await once.answer(work)


@router.post("/handoffs/{handoff_id}/transfer", response_model=DeskCase, responses=problems(*WRITES))
async def transfer(handoff_id: str, body: TransferIn, person: Who, desk: Moves, view: View, once: OnceOnly) -> Response:
    """To another queue, where it waits again, or to another person. The shopper is told."""

    async def work(key: str | None) -> Any:
        move = desk.transfer(person, handoff_id, queue=body.queue, to=body.to, notes=body.notes, request_id=key)
        return await _case_after(view, person, move)

    return await once.answer(work)


@router.post("/handoffs/{handoff_id}/return", response_model=DeskCase, responses=problems(*WRITES))
async def give_back(handoff_id: str, body: ReturnIn, person: Who, desk: Moves, view: View, once: OnceOnly) -> Response:
    """Back to the agent, which goes on with what `notes` and `facts` tell and asks for none of it."""

    async def work(key: str | None) -> Any:
        facts = [{"kind": one.kind.value, "value": one.value} for one in body.facts]
        return await _case_after(view, person, desk.give_back(person, handoff_id, body.notes, facts, request_id=key))

    return await once.answer(work)


@router.post("/handoffs/{handoff_id}/resolve", response_model=DeskCase, responses=problems(*WRITES))
async def resolve(handoff_id: str, body: ResolveIn, person: Who, desk: Moves, view: View, once: OnceOnly) -> Response:
    """Close the case. When the shopper writes again the agent answers."""

    async def work(key: str | None) -> Any:
        return await _case_after(
            view, person, desk.resolve(person, handoff_id, body.outcome, body.notes, request_id=key)
        )

    return await once.answer(work)


@router.post("/handoffs/{handoff_id}/reopen", response_model=DeskCase, responses=problems(*WRITES))
async def reopen(handoff_id: str, body: ReopenIn, person: Who, desk: Moves, view: View, once: OnceOnly) -> Response:
    """Take a closed case up again; it is one's own from now on."""

    async def work(key: str | None) -> Any:
        return await _case_after(view, person, desk.reopen(person, handoff_id, body.notes, request_id=key))

    return await once.answer(work)


@router.post("/conversations/{conversation_id}/takeover", response_model=DeskCase, responses=problems(*WRITES))
async def take_over(conversation_id: str, person: Who, desk: Moves, view: View, once: OnceOnly) -> Response:
    """A lead takes a conversation, whoever has it now; it becomes a case."""
    return await once.answer(
        lambda key: _case_after(view, person, desk.take_over(person, conversation_id, request_id=key))
    )
