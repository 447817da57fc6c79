"""What an external desk does to a case, as turns of the conversation: it has acknowledged it, or somebody there writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from agent.casework.desk.events import HUMAN_MESSAGE
from agent.casework.desk.move import DeskMove
from agent.casework.draft import Draft, person_message
from agent.casework.front import Services
from agent.casework.transcripts import render_message
from agent.conversation import Entry, Handoff, HandoffStatus, Json, Status
from agent.errors import AlreadyClaimed, Conflict, NotFound

ACKNOWLEDGE, RELAY = "acknowledge", "relay"

Make = Callable[[Draft, DeskMove], Awaitable[Json]]


class OutsideMoves:
    """The moves that only an external desk makes. What else it does are the moves of any lead."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: Mapping[str, Make] = {ACKNOWLEDGE: self._acknowledge, RELAY: self._relay}

    def knows(self, do: str) -> bool:
        """Whether there is such a move here."""
        return do in self._known

    async def make(self, draft: Draft, move: DeskMove) -> Json:
        """Make it. KeyError for a move that does not exist."""
        return await self._known[move.do](draft, move)

    async def _acknowledge(self, draft: Draft, move: DeskMove) -> Json:
        """A case that still waits goes into the desk's queue, with its promise, and the shopper hears that it arrived.

        ``state`` and ``person`` in the answer say who else was quicker.
        """
        handoff = _case(draft, move)
        if handoff.status is HandoffStatus.QUEUED and handoff.queue != move.text("desk"):
            entry = Entry("transferred", "", "", draft.now, move.text("desk"))
            draft.hand_off(replace(handoff, queue=move.text("desk"), log=(*handoff.log, entry)))
            await draft.emit("handoff.acknowledged", {"id": handoff.id, "desk": move.text("desk")})
            draft.report(self._services.sentences.say("handoff.acknowledged", draft.conversation.language))
        return {"state": handoff.status.value, "person": handoff.claimed_by or ""}

    async def _relay(self, draft: Draft, move: DeskMove) -> Json:
        """Somebody there writes to the shopper: from then on the case is theirs, whether it waited or was closed.

        Raises ``AlreadyClaimed`` when one of ``given.ours`` has it: two people must not talk at once.
        """
        handoff = _case(draft, move)
        other = draft.claim.file.open_handoff
        if other is not None and other.id != handoff.id:
            raise Conflict("The conversation has another open case.")
        if handoff.closed_at is None and handoff.claimed_by in move.given["ours"] and handoff.claimed_by != move.by:
            raise AlreadyClaimed(f"{handoff.claimed_by} has this case.")
        if handoff.closed_at is not None or handoff.claimed_by != move.by:
            handoff = _taken(draft, handoff, move.by)
            await draft.emit("handoff.claimed", {"id": handoff.id, "person": move.by})
        message = person_message(draft, self._services.new_id("msg"), move.text(), move.by)
        draft.messages.append(message)
        draft.hand_off(replace(handoff, status=HandoffStatus.HUMAN))
        draft.change(status=Status.HUMAN)
        told = {"id": message.id, "text": message.text, "author": message.author, "at": message.at.isoformat()}
        await draft.emit(HUMAN_MESSAGE, told)
        return {"message": render_message(message)}


def _case(draft: Draft, move: DeskMove) -> Handoff:
    found = next((one for one in draft.claim.file.handoffs if one.id == move.handoff_id), None)
    if found is None:
        raise NotFound()
    return found


def _taken(draft: Draft, handoff: Handoff, person: str) -> Handoff:
    return replace(
        handoff,
        claimed_by=person,
        claimed_at=draft.now,
        closed_at=None,
        outcome="",
        log=(*handoff.log, Entry("claimed", person, "", draft.now)),
    )
