"""The shopper's decision on a proposal: yes, no, or take it back. Nothing here asks a model."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.handing_off import HandingOff
from agent.casework.metrics import ACTIONS
from agent.conversation import Action, ActionStatus, Conversation, Reason
from agent.errors import Conflict
from agent.escalation.verdict import ReasonCode
from agent.loop.wording import Wording
from tools.execution import carry_out
from tools.proposals import proposal_from_json
from tools.receipts import Receipt, receipt_from_json, receipt_to_json
from tools.refusals import Denied, Expired, NotReached, Refusal, Stale, Unresolved
from tools.retrying import Retry
from tools.scope import Identity
from tools.shop.models import CustomerId, OrderNumber
from tools.undoing import undo

log = structlog.get_logger("postventa.action")


def identity_of(conversation: Conversation) -> Identity:
    """Who the shopper of that conversation has shown to be."""
    customer = conversation.customer_id
    return Identity(
        level=conversation.identity_level,
        customer_id=CustomerId(customer) if customer else None,
        orders=frozenset(OrderNumber(number) for number in conversation.verified_orders),
    )


class Deciding:
    """Executes, rejects and undoes. What is said afterwards is rendered from what happened."""

    def __init__(self, services: Services, handing_off: HandingOff, retry: Retry) -> None:
        self._services = services
        self._handing_off = handing_off
        self._retry = retry
        self._wording = Wording(services.sentences)

    async def confirm(self, draft: Draft, front: Storefront, action: Action) -> None:
        """Carry the proposal out and say what came of it.

        An action already executed answers with its receipt again. One whose order system could not be reached, and
        has booked nothing, still waits for a yes afterwards. Raises ``Conflict`` for any other that was decided.
        """
        if action.status is ActionStatus.EXECUTED:
            self._say_done(draft, action)
            return
        if action.failure == "expired":
            draft.say(self._wording.refusal("expired", None, draft.conversation.language, stale=True))
            return
        self._require(action, ActionStatus.PROPOSED)
        if action.proposal.get("granted"):
            await self._ask_person(draft, front, action)
            return
        try:
            receipt = await carry_out(
                proposal_from_json(action.proposal),
                shop=front.shop,
                policy=front.policy,
                identity=identity_of(draft.conversation),
                now=draft.now,
                retry=self._retry,
            )
        except Refusal as refusal:
            self._say_refused(draft, action, refusal)
        except Exception as error:  # noqa: BLE001  whatever broke in the middle of a write: nobody knows whether it happened
            await self._give_to_person(draft, front, action, error, status=ActionStatus.FAILED)
        else:
            await self.keep_receipt(draft, action, receipt)

    async def _ask_person(self, draft: Draft, front: Storefront, action: Action) -> None:
        """The shopper's yes to what only a person may allow: it waits for that person, with the case."""
        draft.keep(replace(action, status=ActionStatus.NEEDS_PERSON, decided_at=draft.now))
        code = str(action.proposal["granted"][0])
        said = draft.claim.turn.message_id or ""
        reason = Reason(ReasonCode.OUT_OF_POLICY_EXCEPTION.value, f"{action.kind}: {code}", said)
        known = draft.open_handoff
        if known is not None:
            self._handing_off.raise_case(draft, known, (reason,), known.queue, known.priority)
            return
        await self._handing_off.hand_off(draft, front, (reason,), queue="exceptions", priority=3)

    async def reject(self, draft: Draft, action: Action) -> None:
        """The shopper said no: nothing changes."""
        self._require(action, ActionStatus.PROPOSED)
        draft.keep(replace(action, status=ActionStatus.REJECTED, decided_at=draft.now))
        draft.report(self._services.sentences.say("decision.rejected", draft.conversation.language))

    async def undo(self, draft: Draft, front: Storefront, action: Action) -> None:
        """Take an executed action back, while its receipt allows it."""
        if action.status is ActionStatus.UNDONE:
            draft.say(self._services.sentences.say("decision.undone_before", draft.conversation.language))
            return
        self._require(action, ActionStatus.EXECUTED)
        try:
            receipt = await undo(
                receipt_from_json(action.receipt or {}),
                shop=front.shop,
                policy=front.policy,
                identity=identity_of(draft.conversation),
                now=draft.now,
                retry=self._retry,
            )
        except Refusal as refusal:
            log.info("undo_refused", action=action.id, code=refusal.code)
            draft.report(self._wording.undo_refusal(refusal.code, draft.conversation.language))
            return
        except Exception as error:  # noqa: BLE001  as above; what was executed stays so until somebody knows better
            await self._give_to_person(draft, front, action, error, status=ActionStatus.EXECUTED)
            return
        undone = replace(action, status=ActionStatus.UNDONE, decided_at=draft.now, undo_until=None)
        draft.keep(undone)
        draft.report(self._services.sentences.say("decision.undone", draft.conversation.language))
        await draft.emit("action.executed", {"id": action.id, "kind": receipt.kind.value, "undo": True})

    def supersede(self, draft: Draft) -> None:
        """Only the last proposal waits for a yes: the others lapse."""
        for action in draft.pending:
            draft.keep(replace(action, status=ActionStatus.EXPIRED, decided_at=draft.now, failure="superseded"))

    def withdraw(self, draft: Draft) -> None:
        """The shopper no longer waits for a person: what was left to one lapses."""
        for action in list(draft.actions.values()):
            if action.status is ActionStatus.NEEDS_PERSON:
                draft.keep(replace(action, status=ActionStatus.EXPIRED, decided_at=draft.now, failure="withdrawn"))

    def expire(self, draft: Draft) -> None:
        """Proposals past their time when the shopper made this move.

        Not when it is answered: a yes that came in time may have been carried out by a process that died since.
        """
        for action in draft.pending:
            if draft.claim.turn.accepted_at > action.expires_at:
                draft.keep(replace(action, status=ActionStatus.EXPIRED, decided_at=draft.now, failure="expired"))

    async def keep_receipt(self, draft: Draft, action: Action, receipt: Receipt) -> None:
        """It is done: the action has its receipt, and the shopper is told."""
        done = replace(
            action,
            status=ActionStatus.EXECUTED,
            decided_at=draft.now,
            receipt=receipt_to_json(receipt),
            undo_until=receipt.undo_until,
        )
        draft.keep(done)
        ACTIONS.labels(done.kind, done.status.value).inc()
        self._say_done(draft, done)
        await draft.emit("action.executed", {"id": done.id, "kind": done.kind, "order": done.order_number})

    def _say_done(self, draft: Draft, action: Action) -> None:
        draft.report(self._wording.receipt(action.kind, action.receipt or {}, draft.conversation.language))

    def _say_refused(self, draft: Draft, action: Action, refusal: Refusal) -> None:
        """Nothing was done, and why; a proposal that only went stale is made anew by the loop afterwards."""
        expired = isinstance(refusal, Expired | Stale)
        status = ActionStatus.EXPIRED if expired else ActionStatus.FAILED
        if not isinstance(refusal, NotReached):
            draft.keep(replace(action, status=status, decided_at=draft.now, failure=refusal.code))
        log.info("action_refused", action=action.id, kind=action.kind, code=refusal.code)
        verdict = refusal.verdict if isinstance(refusal, Denied) else None
        language, order = draft.conversation.language, action.order_number
        draft.report(self._wording.refusal(refusal.code, verdict, language, stale=expired, order=order))

    async def _give_to_person(
        self, draft: Draft, front: Storefront, action: Action, error: Exception, status: ActionStatus
    ) -> None:
        """Nobody knows whether it happened: the truth, and a person."""
        draft.keep(replace(action, status=status, decided_at=draft.now, failure="unresolved"))
        foreseen = isinstance(error, Unresolved)
        log.error("action_unresolved", action=action.id, kind=action.kind, exc_info=None if foreseen else error)
        draft.report(self._services.sentences.say("decision.unresolved", draft.conversation.language))
        reason = Reason(ReasonCode.TOOL_OUTAGE.value, f"{action.kind} {action.order_number or ''}".strip())
        await self._handing_off.hand_off(draft, front, (reason,), queue="orders", priority=2)

    def _require(self, action: Action, status: ActionStatus) -> None:
        if action.status is not status:
            raise Conflict(f"The action is {action.status.value}.")


def action_of(draft: Draft, action_id: str) -> Action | None:
    """The action of this conversation with that id."""
    return draft.actions.get(action_id)


def last_executed(draft: Draft) -> Action | None:
    """What an "undo that" means: the change made last, one that can still be taken back before any other."""
    decided = sorted(
        (one for one in draft.actions.values() if one.status in (ActionStatus.EXECUTED, ActionStatus.UNDONE)),
        key=lambda one: (undo_open(one, draft.now), one.decided_at or one.created_at),
    )
    return decided[-1] if decided else None


def undo_open(action: Action, now: datetime) -> bool:
    """Whether an executed action may still be taken back."""
    return action.status is ActionStatus.EXECUTED and action.undo_until is not None and now <= action.undo_until
