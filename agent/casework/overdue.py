"""Nobody came in time: the shopper hears it once, in the conversation and by e-mail, with what is known and a new promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from agent.casework.capsule import link, seal, write_transcript
from agent.casework.desk.move import DeskMove
from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.hours import OpeningHours
from agent.casework.on_file import customer_on_file
from agent.casework.tickets import ticket_of
from agent.conversation import Entry, Handoff, HandoffStatus, Json
from tools.masking import mask

CAPSULE_TO = "capsule_to"
"""Metadata key of the address that got the case: what people write from then on goes there as well."""

REPLY_HOURS = 24

log = structlog.get_logger("postventa.desk")


class Overdue:
    """Keeps a shopper from waiting for nothing.

    A mail goes out before the turn is stored: a process that dies in between has another one send it again, and what
    the conversation says about it is true.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    async def tell(self, draft: Draft, front: Storefront, move: DeskMove) -> Json:
        """Say that nobody came, and by when somebody will; nothing when somebody came after all."""
        handoff = next((one for one in draft.claim.file.handoffs if one.id == move.handoff_id), None)
        if handoff is None or handoff.status is not HandoffStatus.QUEUED or handoff.overdue_at is not None:
            return {}
        if handoff.promised_by is None or handoff.promised_by > draft.now:
            return {}
        handoff = replace(handoff, overdue_at=draft.now, promised_by=self._next_promise(draft, front))
        address = await self._mail_capsule(draft, front, handoff)
        draft.hand_off(replace(handoff, log=(*handoff.log, Entry("overdue", "", address, draft.now))))
        language, promised = draft.conversation.language, _local(handoff, front)
        sentences, ticket = self._services.sentences, ticket_of(handoff.id)
        if address:
            draft.report(sentences.say("handoff.overdue_mailed", language, ticket=ticket, address=address, by=promised))
        else:
            draft.report(sentences.say("handoff.overdue", language, ticket=ticket, by=promised))
            draft.asks = ("email",)
        await draft.emit("handoff.overdue", {"id": handoff.id, "promised_by": promised})
        return {}

    async def mail_late(self, draft: Draft, front: Storefront, handoff: Handoff) -> bool:
        """The shopper has left an address since: the case goes there. False when there is nothing to send."""
        if handoff.overdue_at is None or CAPSULE_TO in draft.conversation.metadata:
            return False
        address = await self._mail_capsule(draft, front, handoff)
        if not address:
            return False
        sentences, language = self._services.sentences, draft.conversation.language
        draft.report(sentences.say("handoff.mailed", language, address=address, by=_local(handoff, front)))
        return True

    async def _mail_capsule(self, draft: Draft, front: Storefront, handoff: Handoff) -> str:
        """The masked address that got it; empty when there is none, or the mail did not leave."""
        to = await self._address(draft, front)
        if not to:
            return ""
        sentences, language = self._services.sentences, draft.conversation.language
        ticket = ticket_of(handoff.id)
        subject = sentences.say("mail.case_subject", language, shop=front.name, ticket=ticket)
        text = sentences.say(
            "mail.case_text",
            language,
            shop=front.name,
            ticket=ticket,
            wishes=[one.words for one in draft.conversation.agenda] or _last_words(draft),
            numbers=_orders(draft),
            by=_local(handoff, front),
            transcript=write_transcript(draft.claim.file.messages, language, front.zone, sentences),
            link=self._link(draft, front),
        )
        try:
            await self._services.mail.send(front.id, to, subject, text, draft.now, about=draft.conversation.id)
        except OSError:
            log.warning("capsule_not_sent", conversation=draft.conversation.id)
            return ""
        draft.change(metadata={**draft.conversation.metadata, CAPSULE_TO: to})
        return mask(to)

    def _link(self, draft: Draft, front: Storefront) -> str:
        """Back into this conversation, from any device, while the seal holds."""
        token = seal(self._services.secret, front.id, draft.conversation.id, draft.now)
        return link(front.page, draft.conversation.id, token)

    async def _address(self, draft: Draft, front: Storefront) -> str:
        """The contact on file of a known customer; of anybody else, the one they gave."""
        if draft.conversation.customer_id is None:
            told = draft.conversation.fact("email")
            return told.value if told else ""
        customer = await customer_on_file(self._services, front, draft.conversation)
        return customer.email if customer else ""

    def _next_promise(self, draft: Draft, front: Storefront) -> datetime:
        try:
            hours = int(str(front.policy.figure("email_reply_hours", at=draft.now)))
        except KeyError:
            hours = REPLY_HOURS
        by = draft.now + timedelta(hours=hours)
        opening = OpeningHours.of(front.policy, draft.now)
        return by if opening.open_at(by) else opening.next_opening(by)


async def mail_copy(services: Services, draft: Draft, front: Storefront, handoff: Handoff, text: str) -> None:
    """What a person writes, by e-mail as well, to whoever was told to look there. One that does not leave is only logged."""
    to = draft.conversation.metadata.get(CAPSULE_TO)
    if not to:
        return
    language, ticket = draft.conversation.language, ticket_of(handoff.id)
    subject = services.sentences.say("mail.case_subject", language, shop=front.name, ticket=ticket)
    body = services.sentences.say("mail.case_reply", language, shop=front.name, text=text)
    try:
        await services.mail.send(front.id, str(to), subject, body, draft.now, about=draft.conversation.id)
    except OSError:
        log.warning("copy_not_sent", conversation=draft.conversation.id)


def _local(handoff: Handoff, front: Storefront) -> str:
    """The promised time on the shop's clock."""
    assert handoff.promised_by is not None
    return handoff.promised_by.astimezone(front.zone).isoformat()


def _orders(draft: Draft) -> list[str]:
    return list(dict.fromkeys(fact.value for fact in draft.conversation.facts if fact.kind == "order_number"))


def _last_words(draft: Draft) -> list[str]:
    said = [message.text for message in draft.claim.file.messages if message.who == "shopper"]
    return said[-1:]
