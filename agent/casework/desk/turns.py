"""Turns of the people's side: the same order, lease and transaction as the shopper's, and no model unless one is given the word."""

from __future__ import annotations

from typing import Any

import structlog

from agent.casework.closing import close_turn
from agent.casework.conversing import Conversing
from agent.casework.deciding import Deciding
from agent.casework.desk.decisions import DeskDecisions
from agent.casework.desk.events import DESK_DONE
from agent.casework.desk.move import DeskMove, problem_json
from agent.casework.desk.moves import DeskMoves
from agent.casework.desk.ports import NoSeat
from agent.casework.draft import Draft, reply_message
from agent.casework.front import Services
from agent.casework.giving_back import GivingBack
from agent.casework.handing_off import HandingOff
from agent.casework.metrics import DESK_MOVES
from agent.casework.outbox.moves import OutsideMoves
from agent.casework.overdue import Overdue
from agent.casework.ports import Claim, LeaseLost
from agent.conversation import Json, Speaker
from agent.errors import AtCapacity, PostventaError

log = structlog.get_logger("postventa.desk")


class DeskTurns:
    """Makes a desk move and stores what came of it. A refused move leaves nothing but its refusal, and may be tried again."""

    def __init__(
        self,
        services: Services,
        handing_off: HandingOff,
        deciding: Deciding,
        conversing: Conversing,
        overdue: Overdue,
    ) -> None:
        self._services = services
        self._moves = DeskMoves(services, handing_off, GivingBack(services, conversing))
        self._decisions = DeskDecisions(services, deciding)
        self._overdue = overdue
        self._outside = OutsideMoves(services)

    async def answer(self, claim: Claim) -> Json:
        """Make the move; what became of it. Raises ``LeaseLost``."""
        move = DeskMove.from_json(claim.turn.input)
        draft = self._draft(claim)
        try:
            answer = await self._make(draft, move)
            return await self._close(draft, move, {"problem": None, **answer})
        except LeaseLost:
            raise
        except NoSeat as full:
            return await self._refuse(claim, move, AtCapacity(f"{full} has as many cases as they can take."))
        except PostventaError as refused:
            return await self._refuse(claim, move, refused)
        except Exception:  # the one boundary of a turn: whatever it was, nothing is stored and the lease has to go
            log.exception("desk_move_failed", turn=claim.turn.id, move=move.do)
            return await self._refuse(claim, move, PostventaError())

    async def _make(self, draft: Draft, move: DeskMove) -> Json:
        front = self._services.storefronts[draft.conversation.shop_id]
        if self._moves.knows(move.do):
            return await self._moves.make(draft, move)
        if move.do == "overdue":
            return await self._overdue.tell(draft, front, move)
        if self._outside.knows(move.do):
            return await self._outside.make(draft, move)
        return await self._decisions.make(draft, front, move)

    async def _refuse(self, claim: Claim, move: DeskMove, refused: PostventaError) -> Json:
        draft = self._draft(claim)
        draft.refused = True
        return await self._close(draft, move, {"problem": problem_json(refused)})

    async def _close(self, draft: Draft, move: DeskMove, answer: Json) -> Json:
        text = "\n\n".join(draft.paragraphs)
        if text:
            reply = reply_message(draft, self._services.new_id("msg"), text)
            draft.messages.append(reply)
            draft.change(asked=draft.asks)
            told = {"id": reply.id, "text": reply.text, "who": Speaker.AGENT.value}
            await draft.emit("message.completed", told)
        await draft.emit(DESK_DONE, {"turn_id": draft.claim.turn.id})
        result: dict[str, Any] = {
            "id": draft.claim.turn.id,
            "conversation_id": draft.conversation.id,
            "handoff_id": move.handoff_id,
            "do": move.do,
            **answer,
        }
        await close_turn(self._services, draft, draft.outcome(result, draft.messages, 0))
        kind = (answer["problem"] or {}).get("type", "done")
        DESK_MOVES.labels(move.do, kind).inc()
        return result

    def _draft(self, claim: Claim) -> Draft:
        return Draft(claim, self._services.bus, self._services.clock())
