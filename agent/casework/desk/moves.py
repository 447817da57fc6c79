"""What a person does with a case. Each move changes the draft of its own turn, and answers what its caller is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from agent.casework.desk.events import HUMAN_MESSAGE, NOTE_ADDED, WHISPER_ADDED
from agent.casework.desk.move import DeskMove
from agent.casework.desk.ports import Seat
from agent.casework.desk.rows import is_closed
from agent.casework.draft import Draft, person_message
from agent.casework.front import Services, Storefront
from agent.casework.giving_back import GivingBack
from agent.casework.handing_off import HandingOff
from agent.casework.metrics import CLAIM_SECONDS
from agent.casework.overdue import mail_copy
from agent.casework.settling import settle
from agent.casework.transcripts import render_message
from agent.conversation import (
    Entry,
    Handoff,
    HandoffStatus,
    Json,
    Reason,
    Status,
)
from agent.errors import AlreadyClaimed, CaseClosed, Conflict, Forbidden, NotClaimed, NotFound

TAKEOVER = "takeover"
OUTCOMES = ("solved", "not_solved", "duplicate", "no_answer")
WITH_PERSON = (HandoffStatus.CLAIMED, HandoffStatus.HUMAN)

Make = Callable[[Draft, DeskMove], Awaitable[Json]]


class DeskMoves:
    """Claim, write, note, transfer, give back, resolve, reopen, take over. Refusals are ``PostventaError``s."""

    def __init__(self, services: Services, handing_off: HandingOff, giving_back: GivingBack) -> None:
        self._services = services
        self._handing_off = handing_off
        self._giving_back = giving_back
        self._known: Mapping[str, Make] = {
            "claim": self._claim,
            "say": self._say,
            "note": self._note,
            "whisper": self._whisper,
            "transfer": self._transfer,
            "return": self._return,
            "resolve": self._resolve,
            "reopen": self._reopen,
            TAKEOVER: self._take_over,
        }

    async def make(self, draft: Draft, move: DeskMove) -> Json:
        """Make it. KeyError for a move that does not exist."""
        return await self._known[move.do](draft, move)

    def knows(self, do: str) -> bool:
        """Whether there is such a move here."""
        return do in self._known

    async def _claim(self, draft: Draft, move: DeskMove) -> Json:
        handoff = _open_case(draft, move)
        if handoff.status in WITH_PERSON:
            if handoff.claimed_by != move.by:
                raise AlreadyClaimed(f"{handoff.claimed_by} has this case.")
            return {}
        await self._take(draft, handoff, move)
        return {}

    async def _take(self, draft: Draft, handoff: Handoff, move: DeskMove) -> None:
        if not move.leads:
            draft.seat = Seat(move.by, int(move.given["capacity"]))
        taken = replace(
            handoff,
            status=HandoffStatus.CLAIMED,
            claimed_by=move.by,
            claimed_at=draft.now,
            closed_at=None,
            outcome="",
        )
        draft.hand_off(_logged(taken, Entry("claimed", move.by, "", draft.now)))
        draft.change(status=Status.HUMAN)
        await draft.emit("handoff.claimed", {"id": handoff.id, "person": move.by})
        if handoff.status is HandoffStatus.QUEUED:
            CLAIM_SECONDS.labels(handoff.queue).observe((draft.now - handoff.waits_since).total_seconds())

    async def _say(self, draft: Draft, move: DeskMove) -> Json:
        handoff = _held_case(draft, move, lead_may=False)
        message = person_message(draft, self._services.new_id("msg"), move.text(), move.by)
        draft.messages.append(message)
        draft.hand_off(replace(handoff, status=HandoffStatus.HUMAN))
        draft.change(status=Status.HUMAN)
        await draft.emit(
            HUMAN_MESSAGE,
            {"id": message.id, "text": message.text, "author": message.author, "at": message.at.isoformat()},
        )
        await mail_copy(self._services, draft, self._front(draft), handoff, message.text)
        return {"message": {**render_message(message), "draft_id": move.given.get("draft_id")}}

    async def _note(self, draft: Draft, move: DeskMove) -> Json:
        return await self._write_down(draft, _case(draft, move), move, "note", NOTE_ADDED)

    async def _whisper(self, draft: Draft, move: DeskMove) -> Json:
        _require_lead(move)
        return await self._write_down(draft, _open_case(draft, move), move, "whisper", WHISPER_ADDED)

    async def _write_down(self, draft: Draft, handoff: Handoff, move: DeskMove, kind: str, event: str) -> Json:
        to = (handoff.claimed_by or "") if kind == "whisper" else ""
        entry = Entry(kind, move.by, move.text(), draft.now, to)
        draft.hand_off(_logged(handoff, entry))
        told = {"id": handoff.id, "by": entry.by, "text": entry.text, "to": entry.to, "at": entry.at.isoformat()}
        await draft.emit(event, told)
        return {"entry": {"kind": kind, **{name: told[name] for name in ("by", "text", "to", "at")}}}

    async def _transfer(self, draft: Draft, move: DeskMove) -> Json:
        handoff = _held_case(draft, move, lead_may=True, queued=True)
        queue, to = move.text("queue") or handoff.queue, move.text("to")
        entry = Entry("transferred", move.by, move.text("notes"), draft.now, to or queue)
        if to:
            draft.seat = Seat(to, int(move.given["capacity"])) if move.given.get("capacity") else None
            moved = replace(handoff, queue=queue, status=HandoffStatus.CLAIMED, claimed_by=to, claimed_at=draft.now)
            draft.change(status=Status.HUMAN)
        else:
            moved = replace(
                handoff,
                queue=queue,
                status=HandoffStatus.QUEUED,
                claimed_by=None,
                claimed_at=None,
                queued_at=draft.now,
                overdue_at=None,
            )
            moved = await self._handing_off.promise(draft, self._front(draft), moved)
            draft.change(status=Status.QUEUED)
        draft.hand_off(_logged(moved, entry))
        await draft.emit("handoff.transferred", {"id": handoff.id, "queue": queue, "person": to or None})
        self._handing_off.say_transferred(draft, self._front(draft), moved)
        return {}

    async def _return(self, draft: Draft, move: DeskMove) -> Json:
        handoff = _held_case(draft, move, lead_may=True)
        await self._giving_back.give_back(draft, self._front(draft), handoff, move)
        return {}

    async def _resolve(self, draft: Draft, move: DeskMove) -> Json:
        handoff = _held_case(draft, move, lead_may=True)
        outcome, notes = move.text("outcome"), move.text("notes")
        closed = replace(
            handoff,
            status=HandoffStatus.RESOLVED,
            closed_at=draft.now,
            outcome=outcome,
            notes="\n".join(part for part in (handoff.notes, notes) if part),
        )
        draft.hand_off(_logged(closed, Entry("resolved", move.by, notes, draft.now, outcome)))
        draft.change(status=Status.CLOSED, agenda=(), metadata=settle(draft))
        await draft.emit("handoff.resolved", {"id": handoff.id, "outcome": outcome, "person": move.by})
        return {}

    async def _reopen(self, draft: Draft, move: DeskMove) -> Json:
        handoff = _case(draft, move)
        if not is_closed(handoff):
            raise Conflict("The case is open.")
        if draft.claim.file.open_handoff is not None:
            raise Conflict("The conversation has another open case.")
        await self._take(draft, replace(handoff, queued_at=draft.now), move)
        draft.hand_off(_logged(draft.handoffs[handoff.id], Entry("reopened", move.by, move.text("notes"), draft.now)))
        await draft.emit("handoff.reopened", {"id": handoff.id, "person": move.by})
        return {}

    async def _take_over(self, draft: Draft, move: DeskMove) -> Json:
        _require_lead(move)
        handoff = draft.claim.file.open_handoff
        if handoff is None:
            reason = Reason(TAKEOVER, move.by)
            handoff = await self._handing_off.open_case(
                draft, self._front(draft), (reason,), queue="general", priority=3
            )
        if handoff.claimed_by != move.by:
            await self._take(draft, handoff, move)
        return {"handoff_id": handoff.id}

    def _front(self, draft: Draft) -> Storefront:
        return self._services.storefronts[draft.conversation.shop_id]


def _case(draft: Draft, move: DeskMove) -> Handoff:
    found = next((one for one in draft.claim.file.handoffs if one.id == move.handoff_id), None)
    if found is None:
        raise NotFound()
    return found


def _open_case(draft: Draft, move: DeskMove) -> Handoff:
    handoff = _case(draft, move)
    if is_closed(handoff):
        raise CaseClosed()
    return handoff


def _held_case(draft: Draft, move: DeskMove, *, lead_may: bool, queued: bool = False) -> Handoff:
    """The case when it is the person's own, or a lead's to move; ``queued``: also while nobody has it."""
    handoff = _open_case(draft, move)
    if handoff.status is HandoffStatus.QUEUED:
        if not queued:
            raise NotClaimed()
    elif handoff.claimed_by != move.by and not (lead_may and move.leads):
        raise AlreadyClaimed(f"{handoff.claimed_by} has this case.")
    return handoff


def _require_lead(move: DeskMove) -> None:
    if not move.leads:
        raise Forbidden("Only a lead may do this.")


def _logged(handoff: Handoff, entry: Entry) -> Handoff:
    return replace(handoff, log=(*handoff.log, entry))
