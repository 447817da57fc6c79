"""Hands a case to a person: the handoff row, its packet, and the sentence the shopper hears, all from one state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.hours import OpeningHours
from agent.casework.packet import write_packet
from agent.conversation import Handoff, HandoffId, HandoffStatus, Reason, Status
from agent.escalation.verdict import Decision, ReasonCode


class HandingOff:
    """Makes handoffs. Whatever fails on the way to a richer packet, the handoff itself is made."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def hand_off(self, draft: Draft, front: Storefront, reasons: Sequence[Reason], queue: str, priority: int) -> None:
        """Queue the case (once) and say so."""
        known = draft.handoff
        language = draft.conversation.language
        if known is not None:
            draft.say(self._services.sentences.say("handoff.already", language))
            return
        hours = OpeningHours.of(front.policy, draft.now)
        wait = expected_wait(hours, draft.now)
        handoff = Handoff(
            id=HandoffId(self._services.new_id("hnd")),
            conversation_id=draft.conversation.id,
            status=HandoffStatus.QUEUED,
            queue=queue,
            priority=priority,
            language=language,
            reasons=tuple(reasons),
            packet=await write_packet(draft, front, reasons, self._services.sentences),
            created_at=draft.now,
            promised_by=draft.now + wait,
        )
        draft.hand_off(handoff)
        draft.change(status=Status.QUEUED)
        await draft.emit("handoff.queued", {"id": handoff.id, "queue": queue, "reasons": [one.code for one in reasons]})
        draft.say(self._sentence(handoff, hours, draft.now, language))

    def _sentence(self, handoff: Handoff, hours: OpeningHours, now: datetime, language: str) -> str:
        sentences = self._services.sentences
        code = handoff.reasons[0].code if handoff.reasons else ReasonCode.HUMAN_REQUEST.value
        key = f"handoff.because_{code}"
        opening = sentences.say(key if sentences.has(key) else "handoff.because_human_request", language)
        if hours.open_at(now):
            minutes = max(1, round(((handoff.promised_by or now) - now).total_seconds() / 60))
            return f"{opening} {sentences.say('handoff.wait', language, minutes=minutes)}"
        return f"{opening} {sentences.say('handoff.closed', language, opens=hours.next_opening(now).isoformat())}"


def expected_wait(hours: OpeningHours, now: datetime) -> timedelta:
    """Until a person should be there: the promised minutes, counted from the next opening when closed."""
    promised = timedelta(minutes=hours.person_minutes)
    return promised if hours.open_at(now) else hours.next_opening(now) - now + promised


def reasons_of(decision: Decision, message_ids: Sequence[str]) -> tuple[Reason, ...]:
    """A decision's causes as reasons; ``message_ids`` are those of the lines it was decided on."""
    return tuple(Reason(cause.code.value, cause.evidence, message_ids[cause.line]) for cause in decision.causes)
