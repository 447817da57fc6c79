"""The shopper's decision on a proposal: yes, no, or take it back. Nothing here asks a model."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.handing_off import HandingOff
from agent.conversation import Action, ActionStatus, Conversation, Reason
from agent.errors import Conflict
from agent.escalation.verdict import ReasonCode
from agent.loop.wording import Wording
from tools.execution import carry_out
from tools.proposals import proposal_from_json
from tools.receipts import Receipt, receipt_from_json, receipt_to_json
from tools.refusals import Denied, Expired, Refusal, Stale, Unresolved
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

    async def confirm(self, draft: Draft, front: Storefront, action: Action) -> bool:
        """Carry the proposal out; true when it was. An action already executed answers with its receipt again."""
        if action.status is ActionStatus.EXECUTED:
            self._say_done(draft, action)
            return True
        self._require(action, ActionStatus.PROPOSED)
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
            return False
        except Unresolved:
            await self._give_to_person(draft, front, action)
            return False
        await self._keep_receipt(draft, action, receipt, ActionStatus.EXECUTED)
        return True

    async def reject(self, draft: Draft, action: Action) -> None:
        """The shopper said no: nothing changes."""
        self._require(action, ActionStatus.PROPOSED)
        draft.keep(replace(action, status=ActionStatus.REJECTED, decided_at=draft.now))
        draft.say(self._services.sentences.say("decision.rejected", draft.conversation.language))

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
            draft.say(self._wording.undo_refusal(refusal.code, draft.conversation.language))
            return
        except Unresolved:
            await self._give_to_person(draft, front, action)
            return
        undone = replace(action, status=ActionStatus.UNDONE, decided_at=draft.now, undo_until=None)
        draft.keep(undone)
        draft.say(self._services.sentences.say("decision.undone", draft.conversation.language))
        await draft.emit("action.executed", {"id": action.id, "kind": receipt.kind.value, "undo": True})

    def supersede(self, draft: Draft, keep: str | None = None) -> None:
        """Only the last proposal waits for a yes: the others lapse, and so do those whose time is over."""
        for action in draft.pending:
            if action.id != keep:
                draft.keep(replace(action, status=ActionStatus.EXPIRED, decided_at=draft.now, failure="superseded"))

    def expire(self, draft: Draft) -> None:
        """Proposals past their time."""
        for action in draft.pending:
            if draft.now > action.expires_at:
                draft.keep(replace(action, status=ActionStatus.EXPIRED, decided_at=draft.now, failure="expired"))

    async def _keep_receipt(self, draft: Draft, action: Action, receipt: Receipt, status: ActionStatus) -> None:
        done = replace(
            action,
            status=status,
            decided_at=draft.now,
            receipt=receipt_to_json(receipt),
            undo_until=receipt.undo_until,
        )
        draft.keep(done)
        self._say_done(draft, done)
        await draft.emit("action.executed", {"id": done.id, "kind": done.kind, "order": done.order_number})

    def _say_done(self, draft: Draft, action: Action) -> None:
        draft.say(self._wording.receipt(action.kind, action.receipt or {}, draft.conversation.language))

    def _say_refused(self, draft: Draft, action: Action, refusal: Refusal) -> None:
        """Nothing was done, and why; a proposal that only went stale is made anew by the loop afterwards."""
        expired = isinstance(refusal, Expired | Stale)
        status = ActionStatus.EXPIRED if expired else ActionStatus.FAILED
        draft.keep(replace(action, status=status, decided_at=draft.now, failure=refusal.code))
        log.info("action_refused", action=action.id, kind=action.kind, code=refusal.code)
        verdict = refusal.verdict if isinstance(refusal, Denied) else None
        draft.say(self._wording.refusal(refusal.code, verdict, draft.conversation.language, stale=expired))

    async def _give_to_person(self, draft: Draft, front: Storefront, action: Action) -> None:
        """Nobody knows whether it happened: the truth, and a person."""
        draft.keep(replace(action, status=ActionStatus.FAILED, decided_at=draft.now, failure="unresolved"))
        log.error("action_unresolved", action=action.id, kind=action.kind)
        draft.say(self._services.sentences.say("decision.unresolved", draft.conversation.language))
        reason = Reason(ReasonCode.TOOL_OUTAGE.value, f"{action.kind} {action.order_number or ''}".strip())
        await self._handing_off.hand_off(draft, front, (reason,), queue="orders", priority=2)

    def _require(self, action: Action, status: ActionStatus) -> None:
        if action.status is not status:
            raise Conflict(f"The action is {action.status.value}.")


def action_of(draft: Draft, action_id: str) -> Action | None:
    """The action of this conversation with that id."""
    return draft.actions.get(action_id)


def undo_open(action: Action, now: datetime) -> bool:
    """Whether an executed action may still be taken back."""
    return action.status is ActionStatus.EXECUTED and action.undo_until is not None and now <= action.undo_until
