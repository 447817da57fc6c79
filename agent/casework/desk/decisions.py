"""A person with authority decides on what policy left to them: the shopper's yes came first, theirs comes second."""

from __future__ import annotations

from dataclasses import replace

import structlog

from agent.casework.deciding import Deciding, identity_of
from agent.casework.desk.events import NOTE_ADDED
from agent.casework.desk.move import DeskMove
from agent.casework.desk.rows import is_closed
from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.settling import settle
from agent.conversation import Action, ActionStatus, Entry, Handoff, HandoffStatus, Json, Status
from agent.errors import Busy, Conflict, NotFound, OverLimit
from agent.escalation.verdict import ReasonCode
from agent.loop.wording import Wording
from tools.execution import carry_out
from tools.proposals import Proposal, proposal_from_json
from tools.refusals import Denied, NotReached, Refusal, Stale, Unresolved

EXCEPTION = ReasonCode.OUT_OF_POLICY_EXCEPTION.value

log = structlog.get_logger("postventa.desk")


class DeskDecisions:
    """Approve and decline, within the limits of the person's role. What is approved is done once, by the usual path."""

    def __init__(self, services: Services, deciding: Deciding) -> None:
        self._services = services
        self._deciding = deciding
        self._wording = Wording(services.sentences)

    async def make(self, draft: Draft, front: Storefront, move: DeskMove) -> Json:
        """Approve or decline. Raises ``NotFound``, ``Conflict`` (decided already), ``OverLimit``, ``Busy``."""
        action = draft.actions.get(move.text("action_id"))
        if action is None:
            raise NotFound()
        if action.status is not ActionStatus.NEEDS_PERSON:
            raise Conflict(f"The action is {action.status.value}.")
        proposal = proposal_from_json(action.proposal)
        if not front.policy.may_grant(move.role, proposal.change.kind, proposal.moves):
            raise OverLimit("The kind of change, or the amount, is beyond what your role may decide.")
        if move.do == "approve":
            await self._approve(draft, front, action, proposal, move)
        else:
            self._decline(draft, action, move)
        decided = draft.actions[action.id]
        await draft.emit("action.decided", {"id": action.id, "status": decided.status.value, "person": move.by})
        await self._log(draft, move, decided)
        return {"action": _rendered(decided)}

    async def _approve(
        self, draft: Draft, front: Storefront, action: Action, proposal: Proposal, move: DeskMove
    ) -> None:
        sentences, language = self._services.sentences, draft.conversation.language
        try:
            receipt = await carry_out(
                proposal,
                shop=front.shop,
                policy=front.policy,
                identity=identity_of(draft.conversation),
                now=draft.now,
                retry=self._services.retry,
                authority=move.by,
            )
        except NotReached as away:
            raise Busy("The order system does not answer; nothing was done. Try again in a moment.") from away
        except Refusal as refusal:
            self._refused(draft, action, refusal, move)
        except Unresolved:
            log.error("action_unresolved", action=action.id, kind=action.kind)
            failed = replace(action, status=ActionStatus.FAILED, decided_at=draft.now, failure="unresolved")
            draft.keep(failed)
            draft.report(sentences.say("decision.unresolved", language))
        else:
            draft.report(sentences.say("decision.approved", language, person=move.by))
            await self._deciding.keep_receipt(draft, action, receipt)

    def _refused(self, draft: Draft, action: Action, refusal: Refusal, move: DeskMove) -> None:
        """It was allowed and yet could not be done: nothing changed, and the shopper hears why."""
        log.info("action_refused", action=action.id, kind=action.kind, code=refusal.code)
        draft.keep(replace(action, status=ActionStatus.FAILED, decided_at=draft.now, failure=refusal.code))
        language = draft.conversation.language
        verdict = refusal.verdict if isinstance(refusal, Denied) else None
        stale = isinstance(refusal, Stale)
        why = self._wording.refusal(refusal.code, verdict, language, stale=stale, order=action.order_number)
        opening = self._services.sentences.say("decision.approved_in_vain", language, person=move.by)
        draft.report(f"{opening} {why}")

    def _decline(self, draft: Draft, action: Action, move: DeskMove) -> None:
        draft.keep(replace(action, status=ActionStatus.REJECTED, decided_at=draft.now, failure="declined"))
        draft.report(self._services.sentences.say("decision.declined", draft.conversation.language, person=move.by))

    async def _log(self, draft: Draft, move: DeskMove, action: Action) -> None:
        """Into the case's log; a case that was about nothing else, and that nobody has taken, is done with."""
        handoff = draft.claim.file.open_handoff
        if handoff is None:
            return
        kind = "approved" if move.do == "approve" else "declined"
        logged = replace(handoff, log=(*handoff.log, Entry(kind, move.by, move.text("note"), draft.now, action.id)))
        if _is_about_nothing_else(logged) and not _still_waiting(draft):
            solved = action.status is ActionStatus.EXECUTED
            logged = replace(
                logged,
                status=HandoffStatus.RESOLVED,
                closed_at=draft.now,
                outcome="solved" if solved else "not_solved",
            )
            draft.change(status=Status.BOT, metadata=settle(draft))
            told = {"id": handoff.id, "outcome": logged.outcome, "person": move.by}
            await draft.emit("handoff.resolved", told)
            language = draft.conversation.language
            pick = draft.claim.turn.seq
            draft.say(self._services.sentences.say("decision.anything_else", language, pick=pick))
        elif move.text("note"):
            await draft.emit(NOTE_ADDED, {"id": handoff.id, "by": move.by, "text": move.text("note")})
        draft.hand_off(logged)


def _is_about_nothing_else(handoff: Handoff) -> bool:
    waits = handoff.status is HandoffStatus.QUEUED and not is_closed(handoff)
    return waits and all(reason.code == EXCEPTION for reason in handoff.reasons)


def _still_waiting(draft: Draft) -> bool:
    return any(one.status is ActionStatus.NEEDS_PERSON for one in draft.actions.values())


def _rendered(action: Action) -> dict[str, object]:
    return {
        "id": action.id,
        "status": action.status.value,
        "failure": action.failure,
        "receipt": dict(action.receipt) if action.receipt else None,
    }
