"""Hands a case to a person: the handoff row, its packet, and the sentence the shopper hears, all from one state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.hours import OpeningHours
from agent.casework.metrics import HANDOFFS
from agent.casework.packet import write_packet
from agent.casework.packet_summary import written_summary
from agent.casework.packet_words import write_summary
from agent.casework.tickets import ticket_of
from agent.casework.waiting import Wait, Waiting
from agent.conversation import Handoff, HandoffId, HandoffStatus, Json, Reason, Status
from agent.escalation.verdict import Decision
from agent.spans import HANDOFF

MOST_WAITING = 1000


class HandingOff:
    """Makes handoffs. Whatever fails on the way to a richer packet, the handoff itself is made."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting = Waiting(services)

    async def hand_off(
        self, draft: Draft, front: Storefront, reasons: Sequence[Reason], queue: str, priority: int
    ) -> None:
        """Queue the case (once) and say so."""
        known = draft.handoff
        language = draft.conversation.language
        if known is not None:
            await self.say_waiting(draft, front, known)
            return
        told = {"postventa.handoff.queue": queue, "postventa.handoff.reasons": [one.code for one in reasons]}
        with self._services.spans.span(HANDOFF, queue, told):
            handoff = await self.open_case(draft, front, reasons, queue, priority)
        draft.hand_off(handoff)
        draft.change(status=Status.QUEUED)
        await draft.emit("handoff.queued", {"id": handoff.id, "queue": queue, "reasons": [one.code for one in reasons]})
        opening = self._because(handoff.reasons, language)
        draft.report(f"{opening} {self._when(draft, handoff, OpeningHours.of(front.policy, draft.now))}")
        if any(route.desk for route in self._services.routes.get(front.id, ())):
            draft.report(self._services.sentences.say("handoff.passing", language))

    async def open_case(
        self, draft: Draft, front: Storefront, reasons: Sequence[Reason], queue: str, priority: int
    ) -> Handoff:
        """A new case with its packet and promise. The draft does not hold it yet, and nothing is said."""
        for reason in reasons:
            HANDOFFS.labels(reason.code).inc()
        handoff = Handoff(
            id=HandoffId(self._services.new_id("hnd")),
            conversation_id=draft.conversation.id,
            status=HandoffStatus.QUEUED,
            queue=queue,
            priority=priority,
            language=draft.conversation.language,
            reasons=tuple(reasons),
            packet=await self._packet(draft, front, reasons),
            created_at=draft.now,
        )
        return await self.promise(draft, front, handoff)

    async def _packet(self, draft: Draft, front: Storefront, reasons: Sequence[Reason]) -> Json:
        sentences = self._services.sentences
        packet = await write_packet(draft, front, reasons, sentences)
        written = await written_summary(draft, front, packet, self._services)
        if not written:
            return packet
        packet = {**packet, "written": written}
        return {**packet, "summary": write_summary(packet, front.language, sentences)}

    async def promise(self, draft: Draft, front: Storefront, handoff: Handoff) -> Handoff:
        """The case with the time by which a person should be there: the policy's, or a later one when the queue is slower."""
        hours = OpeningHours.of(front.policy, draft.now)
        promised = expected_wait(hours, draft.now)
        position = 1 + await self._ahead_of(front.id, handoff)
        draft.wait = await self._waiting.expected(front.id, handoff, position)
        if draft.wait:
            promised = max(promised, timedelta(seconds=draft.wait[1]))
        return replace(handoff, promised_by=draft.now + promised)

    async def wait(self, draft: Draft, position: int) -> Wait:
        """What the desk's pace says of the draft's case at that position."""
        handoff = draft.handoff
        return await self._waiting.expected(draft.conversation.shop_id, handoff, position) if handoff else None

    async def say_waiting(self, draft: Draft, front: Storefront, handoff: Handoff) -> None:
        """Tell whoever asks for a person again that the case is there, and what its wait is now."""
        sentences, language = self._services.sentences, draft.conversation.language
        already = sentences.say("handoff.already", language)
        hours = OpeningHours.of(front.policy, draft.now)
        draft.wait = await self.wait(draft, await self.position(draft))
        unknown = handoff.status is not HandoffStatus.QUEUED or (
            hours.open_at(draft.now) and draft.wait is None and (handoff.promised_by or draft.now) <= draft.now
        )
        draft.report(already if unknown else f"{already} {self._when(draft, handoff, hours)}")

    def say_transferred(self, draft: Draft, front: Storefront, handoff: Handoff) -> None:
        """Tell the shopper who goes on with their case."""
        sentences, language = self._services.sentences, draft.conversation.language
        if handoff.claimed_by:
            draft.report(sentences.say("handoff.transferred_to", language, person=handoff.claimed_by))
            return
        hours = OpeningHours.of(front.policy, draft.now)
        when = self._when(draft, handoff, hours)
        draft.report(f"{sentences.say('handoff.transferred', language)} {when}")

    def raise_case(self, draft: Draft, handoff: Handoff, more: Sequence[Reason], queue: str, priority: int) -> None:
        """A waiting case turned out graver: it goes to the graver queue, never down, and the shopper hears why."""
        reasons, priority = (*more, *handoff.reasons), min(priority, handoff.priority)
        draft.hand_off(replace(handoff, reasons=reasons, queue=queue, priority=priority))
        draft.report(self._because(more, draft.conversation.language))

    async def position(self, draft: Draft) -> int:
        """1 for the case that is next in its queue; 0 when none waits. A case made in this turn is not stored yet."""
        handoff = draft.handoff
        if handoff is None or handoff.status is not HandoffStatus.QUEUED:
            return 0
        return 1 + await self._ahead_of(draft.conversation.shop_id, handoff)

    async def _ahead_of(self, shop_id: str, handoff: Handoff) -> int:
        waiting = await self._services.store.handoffs(shop_id, HandoffStatus.QUEUED.value, MOST_WAITING)
        place = (handoff.priority, handoff.created_at)
        return sum(
            one.id != handoff.id and one.queue == handoff.queue and (one.priority, one.created_at) <= place
            for one in waiting
        )

    def _when(self, draft: Draft, handoff: Handoff, hours: OpeningHours) -> str:
        sentences, language, now = self._services.sentences, draft.conversation.language, draft.now
        if not hours.open_at(now):
            opens, ticket = hours.next_opening(now).isoformat(), ticket_of(handoff.id)
            return sentences.say("handoff.closed", language, opens=opens, ticket=ticket)
        promised = max(1, round(((handoff.promised_by or now) - now).total_seconds() / 60))
        low, high = (max(1, ceil(seconds / 60)) for seconds in draft.wait or (promised * 60, promised * 60))
        if low == high:
            return sentences.say("handoff.wait", language, minutes=low)
        return sentences.say("handoff.wait_between", language, low=low, high=high)

    def _because(self, reasons: Sequence[Reason], language: str) -> str:
        sentences = self._services.sentences
        key = f"handoff.because_{reasons[0].code}" if reasons else ""
        return sentences.say(key if sentences.has(key) else "handoff.because_human_request", language)


def expected_wait(hours: OpeningHours, now: datetime) -> timedelta:
    """Until a person should be there: the promised minutes, counted from the next opening when closed."""
    promised = timedelta(minutes=hours.person_minutes)
    return promised if hours.open_at(now) else hours.next_opening(now) - now + promised


def reasons_of(decision: Decision, message_ids: Sequence[str]) -> tuple[Reason, ...]:
    """A decision's causes as reasons; ``message_ids`` are those of the lines it was decided on."""
    return tuple(Reason(cause.code.value, cause.evidence, message_ids[cause.line]) for cause in decision.causes)
