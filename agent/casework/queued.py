"""What a shopper hears who writes while their case waits for a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agent.casework.callback import CallingBack
from agent.casework.conversing import Conversing
from agent.casework.deciding import Deciding
from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.handing_off import HandingOff, reasons_of
from agent.casework.hearing import lines_of
from agent.casework.hours import OpeningHours
from agent.casework.overdue import Overdue
from agent.casework.settling import settle
from agent.conversation import Handoff, HandoffStatus, Reason, Status
from agent.escalation.verdict import Circumstances, Decision, ReasonCode, Stance
from agent.understanding.reading import Answer, EntityKind, Intent, Reading

GRAVE: Final = frozenset({ReasonCode.SAFETY.value, ReasonCode.LEGAL.value, ReasonCode.FRAUD.value})
"""Why a case stays with people even when the shopper would rather not wait."""

MEANWHILE: Final = "meanwhile"
"""Metadata key of the case for which the agent has offered to go on until the desk opens."""

_NO_WISH: Final = frozenset(
    {
        Intent.HUMAN_AGENT,
        Intent.COMPLAINT,
        Intent.FEEDBACK,
        Intent.GREETING,
        Intent.THANKS_BYE,
        Intent.AFFIRM,
        Intent.DENY,
        Intent.INFORM,
        Intent.OUT_OF_SCOPE,
    }
)
_OF_WHAT: Final = (EntityKind.ORDER_NUMBER, EntityKind.PRODUCT)
_SURE: Final = 0.5


class Queued:
    """Answers while nobody has taken the case yet. Whatever is said joins it, and what is grave moves it up.

    While people are at the desk the agent says no more than that. When they are away it tells once by when they will
    write, offers to go on meanwhile, and does so for whoever then asks something; the case keeps its place.
    """

    def __init__(
        self,
        services: Services,
        handing_off: HandingOff,
        deciding: Deciding,
        conversing: Conversing,
        overdue: Overdue,
    ) -> None:
        self._services = services
        self._handing_off = handing_off
        self._deciding = deciding
        self._conversing = conversing
        self._overdue = overdue
        self._calling_back = CallingBack(services)

    async def answer(self, draft: Draft, front: Storefront, reading: Reading, decision: Decision) -> None:
        """One message of a shopper who waits."""
        handoff = draft.handoff
        if handoff is None:
            self._note(draft)
            return
        known = {one.code for one in handoff.reasons}
        offered = draft.conversation.metadata.get(MEANWHILE) == handoff.id
        if graver := _grave_reasons(draft, decision, known):
            self._handing_off.raise_case(draft, handoff, graver, decision.queue, decision.priority)
        elif _refuses(reading, decision, offered=offered) and not GRAVE & known:
            await self._take_back(draft, front, handoff, reading)
        elif await self._calling_back.take(draft, front, handoff, reading):
            return
        elif self._asks_for_person(draft, reading):
            await self._handing_off.say_waiting(draft, front, handoff)
        elif not await self._overdue.mail_late(draft, front, handoff):
            await self._keep_company(draft, front, handoff, reading, offered=offered)

    async def _take_back(self, draft: Draft, front: Storefront, handoff: Handoff, reading: Reading) -> None:
        """The shopper would rather not wait: the case leaves the queue, and the agent goes on."""
        draft.hand_off(replace(handoff, status=HandoffStatus.RETURNED, closed_at=draft.now, outcome="declined"))
        draft.change(status=Status.BOT, metadata={**settle(draft), "person_declined": True})
        self._deciding.withdraw(draft)
        await draft.emit("handoff.returned", {"id": handoff.id})
        key = "handoff.declined_on" if _wishes(reading) else "handoff.declined"
        draft.report(self._services.sentences.say(key, draft.conversation.language))
        if _wishes(reading):
            await self._conversing.converse(draft, front, reading, offer=False)

    async def _keep_company(
        self, draft: Draft, front: Storefront, handoff: Handoff, reading: Reading, *, offered: bool
    ) -> None:
        sentences, language = self._services.sentences, draft.conversation.language
        hours = OpeningHours.of(front.policy, draft.now)
        away = not hours.open_at(draft.now) and not GRAVE & {one.code for one in handoff.reasons}
        if away and offered and _wishes(reading):
            await self._conversing.converse(draft, front, reading, offer=False)
        elif away and offered and reading.answer is Answer.YES:
            draft.say(sentences.say("handoff.going_on", language))
        else:
            self._note(draft)
            if away and not offered:
                opens = hours.next_opening(draft.now).isoformat()
                draft.say(sentences.say("handoff.meanwhile", language, opens=opens))
                draft.change(metadata={**draft.conversation.metadata, MEANWHILE: handoff.id})

    def _asks_for_person(self, draft: Draft, reading: Reading) -> bool:
        """Whether this message by itself asks for one."""
        alone = self._services.escalation.decide(lines_of(draft.claim.file, reading)[-1:], Circumstances())
        return any(cause.code is ReasonCode.HUMAN_REQUEST for cause in alone.causes)

    def _note(self, draft: Draft) -> None:
        language, seq = draft.conversation.language, draft.claim.turn.seq
        draft.say(self._services.sentences.say("handoff.noted", language, pick=seq))


def _grave_reasons(draft: Draft, decision: Decision, known: set[str]) -> tuple[Reason, ...]:
    """What the case was not known to be, and has to be treated as from now on."""
    ids = [message.id for message in draft.claim.file.messages]
    return tuple(one for one in reasons_of(decision, ids) if one.code in GRAVE - known)


def _refuses(reading: Reading, decision: Decision, *, offered: bool) -> bool:
    """Whether the shopper turns the person down: in words, or by a plain no where nothing else was offered."""
    plain = reading.answer is Answer.NO and decision.stance is Stance.STAY and not offered
    return decision.declined or plain


def _wishes(reading: Reading) -> bool:
    """Whether something is asked for; a fault told of no order and no product is a detail of the case that waits."""
    sure = {one.name for one in reading.intents if one.score >= _SURE} - _NO_WISH
    if sure == {Intent.ITEM_PROBLEM}:
        return any(reading.all(kind) for kind in _OF_WHAT)
    return bool(sure)
