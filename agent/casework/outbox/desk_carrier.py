"""Brings what happens in a case to an external desk. Until the desk has acknowledged, the case stays in our own queue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from agent.casework.desk.events import HUMAN_MESSAGE, NOTE_ADDED, SHOPPER_MESSAGE
from agent.casework.front import Services, Storefront
from agent.casework.outbox.help_desk import Contact, DeskCase, DeskCases, HelpDesk, OutsideCase, Words
from agent.casework.outbox.letters import Delivery, Letter, NotDelivered
from agent.casework.outbox.replies import Replies
from agent.conversation import Conversation, Handoff, HandoffStatus
from tools.shop.errors import ShopError
from tools.shop.models import CustomerId

log = structlog.get_logger("postventa.outbox")

QUEUED = "handoff.queued"
ENDED = frozenset({"handoff.returned", "handoff.resolved"})
TYPES = frozenset(
    {QUEUED, SHOPPER_MESSAGE, HUMAN_MESSAGE, NOTE_ADDED, "handoff.claimed", "handoff.transferred", "handoff.reopened"}
    | ENDED
)
"""What an external desk is told of."""

Tell = Callable[[str, Delivery, datetime], Awaitable[None]]


class DeskCarrier:
    """``casework.outbox.Carrier`` for one external desk."""

    def __init__(self, desk: HelpDesk, services: Services, cases: DeskCases, replies: Replies) -> None:
        self._desk = desk
        self._services = services
        self._cases = cases
        self._replies = replies
        self._tell: Mapping[str, Tell] = {
            SHOPPER_MESSAGE: self._shopper_wrote,
            HUMAN_MESSAGE: self._colleague_wrote,
            NOTE_ADDED: self._colleague_noted,
            "handoff.claimed": self._taken,
            "handoff.transferred": self._moved,
            "handoff.reopened": self._reopened,
            "handoff.returned": self._ended,
            "handoff.resolved": self._ended,
        }

    async def carry(self, delivery: Delivery, now: datetime) -> None:
        """See the port. A letter on a case that was erased meanwhile has nothing left to say."""
        letter = delivery.letter
        handoff = await self._services.store.handoff(letter.shop_id, letter.data["handoff_id"])
        if handoff is None:
            return
        case_id = await self._case(letter, handoff, now)
        if case_id is not None and letter.type in self._tell:
            await self._tell[letter.type](case_id, delivery, now)

    async def _case(self, letter: Letter, handoff: Handoff, now: datetime) -> str | None:
        """The case over there, opened now if it is not there yet; none when it ended before anybody there heard of it."""
        known = await self._cases.of_handoff(self._desk.name, handoff.id)
        if known is None:
            if handoff.closed_at is not None:
                return None
            opened = await self._open(letter.shop_id, handoff, now)
            known = DeskCase(self._desk.name, opened, letter.shop_id, handoff.conversation_id, handoff.id)
            await self._cases.keep(known, now)
            await self._acknowledge(known, now)
        elif letter.type == QUEUED:
            await self._acknowledge(known, now)
        return known.case_id

    async def _open(self, shop_id: str, handoff: Handoff, now: datetime) -> str:
        found = await self._services.store.find(shop_id, handoff.conversation_id)
        if found is None:
            raise NotDelivered("erased", final=True)
        front = self._services.storefronts[shop_id]
        contact = await self._contact(found[0], front)
        return await self._desk.open_case(OutsideCase(handoff, found[0], contact, front.name, front.language), now)

    async def _acknowledge(self, case: DeskCase, now: datetime) -> None:
        """Say so here; and say there when somebody here was quicker."""
        answer = await self._replies.acknowledged(case)
        if answer["state"] in (HandoffStatus.CLAIMED.value, HandoffStatus.HUMAN.value):
            note_id = f"{case.handoff_id}-taken"
            await self._note(case.shop_id, case.case_id, note_id, "taken_here", now, person=answer["person"])

    async def _contact(self, conversation: Conversation, front: Storefront) -> Contact:
        """An order system that does not answer costs the name and the address, never the case."""
        if conversation.customer_id is None:
            return Contact(f"postventa:{conversation.id}")
        identifier = f"postventa:{front.id}:{conversation.customer_id}"
        try:
            customer = await front.shop.customer(CustomerId(conversation.customer_id))
        except ShopError as failure:
            log.warning("contact_without_name", failure=type(failure).__name__)
            return Contact(identifier)
        return Contact(identifier, customer.name, customer.email, customer.phone) if customer else Contact(identifier)

    async def _shopper_wrote(self, case_id: str, delivery: Delivery, now: datetime) -> None:
        await self._desk.tell(case_id, _words(delivery, str(delivery.letter.data["text"])), now)

    async def _colleague_wrote(self, case_id: str, delivery: Delivery, now: datetime) -> None:
        data = delivery.letter.data
        await self._desk.note(case_id, _words(delivery, f"{data['author']}: {data['text']}"), now)

    async def _colleague_noted(self, case_id: str, delivery: Delivery, now: datetime) -> None:
        data = delivery.letter.data
        await self._desk.note(case_id, _words(delivery, f"{data['by']}: {data['text']}"), now)

    async def _taken(self, case_id: str, delivery: Delivery, now: datetime) -> None:
        person = str(delivery.letter.data["person"])
        await self._tell_there(delivery, case_id, "taken_here", now, person=person)

    async def _moved(self, case_id: str, delivery: Delivery, now: datetime) -> None:
        data = delivery.letter.data
        to = str(data.get("person") or data.get("queue"))
        await self._tell_there(delivery, case_id, "moved_here", now, to=to)

    async def _reopened(self, case_id: str, delivery: Delivery, now: datetime) -> None:
        await self._tell_there(delivery, case_id, "reopened_here", now)
        await self._desk.reopen(case_id, now)

    async def _ended(self, case_id: str, delivery: Delivery, now: datetime) -> None:
        await self._tell_there(delivery, case_id, "ended_here", now)
        await self._desk.close(case_id, now)

    async def _tell_there(self, delivery: Delivery, case_id: str, key: str, now: datetime, **values: Any) -> None:
        await self._note(delivery.letter.shop_id, case_id, delivery.letter.event_id, key, now, **values)

    async def _note(self, shop_id: str, case_id: str, note_id: str, key: str, now: datetime, **values: Any) -> None:
        """Something of ours for the people there, in the shop's language. These are few: each looks whether it is there."""
        language = self._services.storefronts[shop_id].language
        text = self._services.sentences.say(f"outside.{key}", language, **values)
        await self._desk.note(case_id, Words(note_id, text, again=True), now)


def _words(delivery: Delivery, text: str) -> Words:
    return Words(delivery.letter.event_id, text, again=delivery.attempt > 1)
