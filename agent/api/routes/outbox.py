"""What webhooks and help desks were told, or could not be told."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import JSONResponse

from agent.api.desk_parts import Who
from agent.api.documentation import READS, problems
from agent.api.parts import Parts
from agent.api.wire.outbox import KeptLetter, LetterList
from agent.casework.outbox.letters import Kept, LetterStatus, Outbox
from agent.errors import Forbidden, NotFound

router = APIRouter(prefix="/v1/desk/outbox", tags=["desk"])

LISTS = (401, 403, 422, 500)
LetterId = Annotated[str, Path(max_length=300)]


async def letters_of(person: Who, parts: Parts) -> Outbox:
    """The outbox, for leads. Raises ``Forbidden``."""
    if not person.leads:
        raise Forbidden("Only a lead may do this.")
    if parts.letters is None:
        raise NotFound()
    return parts.letters


OfLeads = Annotated[Outbox, Depends(letters_of)]


@router.get("", response_model=LetterList, responses=problems(*LISTS))
async def letters(
    person: Who,
    outbox: OfLeads,
    status: LetterStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """The shop's letters, newest first; `status=dead` are those that nobody acknowledged in the end."""
    found = await outbox.letters(person.shop_id, status, limit)
    return JSONResponse({"letters": [_row(kept) for kept in found]})


@router.post("/{letter_id}/replay", response_model=KeptLetter, responses=problems(*READS))
async def replay(letter_id: LetterId, person: Who, outbox: OfLeads, parts: Parts) -> Response:
    """Have it delivered again from now on, under the same id. One that is on its way already is left as it is."""
    kept = await outbox.replay(person.shop_id, letter_id, now=parts.services.clock())
    if kept is None:
        raise NotFound()
    return JSONResponse(_row(kept))


def _row(kept: Kept) -> dict[str, Any]:
    """Without what it says: that is the shopper's."""
    letter = kept.letter
    return {
        "id": letter.id,
        "event_id": letter.event_id,
        "target": letter.target,
        "type": letter.type,
        "conversation_id": letter.conversation_id,
        "at": letter.at.isoformat(),
        "status": kept.status.value,
        "attempts": kept.attempts,
        "next_at": kept.next_at.isoformat(),
        "failure": kept.failure,
    }
