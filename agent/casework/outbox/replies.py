"""What comes back from an external desk, made into moves. Each has a name, so that hearing of it twice does it once."""

from __future__ import annotations

import structlog

from agent.casework.desk.move import LEAD, DeskMove, raise_problem
from agent.casework.desk.people import Receives
from agent.casework.front import Services
from agent.casework.outbox.help_desk import DeskCase
from agent.casework.outbox.moves import ACKNOWLEDGE, RELAY
from agent.casework.receiving import Move, storable
from agent.conversation import Handoff, HandoffStatus, Json, TurnKind
from agent.errors import AlreadyClaimed, Busy, Conflict, NotFound

log = structlog.get_logger("postventa.outbox")


class Replies:
    """People at an external desk act as leads do: what they may do there was decided there."""

    def __init__(self, services: Services, reception: Receives) -> None:
        self._services = services
        self._reception = reception

    async def acknowledged(self, case: DeskCase) -> Json:
        """The desk has the case. ``state`` and ``person`` say whether somebody was quicker."""
        move = DeskMove(ACKNOWLEDGE, "", "", case.handoff_id, {"desk": case.desk})
        return await self._make(case, move, f"ack:{case.handoff_id}")

    async def wrote(self, case: DeskCase, person: str, text: str, message_id: str) -> str:
        """A person there wrote to the shopper. Empty, or the name of whoever has the case here, and then it was not sent."""
        ours = [one.name for one in await self._services.store.people(case.shop_id)]
        move = DeskMove(RELAY, person, LEAD, case.handoff_id, {"text": storable(text), "ours": ours})
        try:
            await self._make(case, move, f"message:{message_id}")
        except AlreadyClaimed:
            return (await self._handoff(case)).claimed_by or ""
        except Conflict:
            return "Postventa"
        return ""

    async def noted(self, case: DeskCase, person: str, text: str, message_id: str) -> None:
        """A person there wrote something down for colleagues."""
        move = DeskMove("note", person, LEAD, case.handoff_id, {"text": storable(text)})
        await self._make(case, move, f"note:{message_id}")

    async def resolved(self, case: DeskCase, person: str, stamp: str) -> None:
        """It is dealt with there."""
        await self._end(case, person, stamp, "resolve", {"outcome": "solved", "notes": ""})

    async def returned(self, case: DeskCase, person: str, stamp: str) -> None:
        """It is given back to the agent there."""
        await self._end(case, person, stamp, "return", {"notes": "", "facts": []})

    async def reopened(self, case: DeskCase, person: str, stamp: str) -> None:
        """It is taken up again there."""
        if (await self._handoff(case)).closed_at is not None:
            move = DeskMove("reopen", person, LEAD, case.handoff_id, {"notes": ""})
            await self._make_if_possible(case, move, f"reopen:{stamp}")

    async def _end(self, case: DeskCase, person: str, stamp: str, do: str, given: Json) -> None:
        handoff = await self._handoff(case)
        if handoff.closed_at is not None:
            return
        if handoff.status is HandoffStatus.QUEUED:
            claim = DeskMove("claim", person, LEAD, case.handoff_id)
            await self._make_if_possible(case, claim, f"claim:{stamp}")
        await self._make_if_possible(case, DeskMove(do, person, LEAD, case.handoff_id, given), f"{do}:{stamp}")

    async def _make_if_possible(self, case: DeskCase, move: DeskMove, name: str) -> None:
        """What happened there has happened: when the case here has moved on meanwhile, it stays as it is."""
        try:
            await self._make(case, move, name)
        except Conflict:
            log.info("outside_move_too_late", desk=case.desk, move=move.do, handoff=case.handoff_id)

    async def _make(self, case: DeskCase, move: DeskMove, name: str) -> Json:
        found = await self._services.store.find(case.shop_id, case.conversation_id)
        if found is None:
            raise NotFound()
        named = f"{case.desk}:{name}"
        try:
            answer = await self._reception.receive(
                found[0], Move(TurnKind.DESK, client_message_id=named, desk=move.to_json())
            )
        except Busy:
            log.info("outside_move_waits", desk=case.desk, move=move.do)  # it is stored and will be made in its turn
            return {"state": HandoffStatus.QUEUED.value, "person": ""}
        raise_problem(answer["problem"])
        return answer

    async def _handoff(self, case: DeskCase) -> Handoff:
        found = await self._services.store.handoff(case.shop_id, case.handoff_id)
        if found is None:
            raise NotFound()
        return found
