"""Chatwoot as a help desk: a conversation for each handoff, found again by what it carries.

Chatwoot has no idempotency keys. A case is known by ``custom_attributes.postventa_handoff`` and a message by its
``source_id``, so an attempt that got through without its answer is found instead of repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx2

from agent.casework.outbox.help_desk import Contact, OutsideCase, Words
from agent.casework.outbox.letters import NotDelivered
from agent.store.desks.chatwoot_client import Account, ChatwootClient, Found
from agent.store.desks.chatwoot_note import write_note
from prompts.loader import Sentences

NAME = "chatwoot"
HANDOFF, CONVERSATION = "postventa_handoff", "postventa_conversation"
OURS = "postventa:"
"""How the source ids of our own messages begin."""
PRIORITIES = {1: "urgent", 2: "high", 3: "medium"}


@dataclass(frozen=True, slots=True)
class Chatwoot:
    """``casework.outbox.help_desk.HelpDesk``. ``teams`` are Chatwoot's team ids by our queue; a queue without one has no team."""

    account: Account
    client: httpx2.AsyncClient
    sentences: Sentences
    teams: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """See the port."""
        return NAME

    async def open_case(self, case: OutsideCase, now: datetime) -> str:
        """See the port. Labels, priority and note are set again when it was found half made."""
        chatwoot = ChatwootClient(self.account, self.client, now)
        contact = await self._contact(chatwoot, case.contact)
        number = await self._known(chatwoot, contact, case.handoff.id)
        conversation = str(number or await chatwoot.create_conversation(self._conversation(case, contact)))
        note = Words(case.handoff.id, write_note(case, self.sentences), again=number is not None)
        await self._say(chatwoot, conversation, note, private=True)
        await chatwoot.label(conversation, sorted({one.code for one in case.handoff.reasons}))
        await chatwoot.prioritise(conversation, PRIORITIES.get(case.handoff.priority, "low"))
        return conversation

    async def tell(self, case_id: str, said: Words, now: datetime) -> None:
        """See the port."""
        await self._say(ChatwootClient(self.account, self.client, now), case_id, said, private=False)

    async def note(self, case_id: str, note: Words, now: datetime) -> None:
        """See the port."""
        await self._say(ChatwootClient(self.account, self.client, now), case_id, note, private=True)

    async def close(self, case_id: str, now: datetime) -> None:
        """See the port."""
        await ChatwootClient(self.account, self.client, now).set_status(case_id, "resolved")

    async def reopen(self, case_id: str, now: datetime) -> None:
        """See the port."""
        await ChatwootClient(self.account, self.client, now).set_status(case_id, "open")

    async def _say(self, chatwoot: ChatwootClient, conversation: str, words: Words, *, private: bool) -> None:
        source_id = OURS + words.id
        if not (words.again and await chatwoot.has_said(conversation, source_id)):
            await chatwoot.say(conversation, source_id, words.text, private=private)

    async def _contact(self, chatwoot: ChatwootClient, contact: Contact) -> Found:
        """Ours, or the one who is known there by the same e-mail from elsewhere, or a new one."""
        found = await chatwoot.contact_with("identifier", contact.identifier)
        if found is None and contact.email:
            found = await chatwoot.contact_with("email", contact.email)
        if found is not None:
            return found
        known = {"name": contact.name, "email": contact.email, "phone_number": contact.phone}
        values = {"identifier": contact.identifier, **{key: value for key, value in known.items() if value}}
        try:
            return await chatwoot.create_contact(values)
        except NotDelivered as refused:
            # A telephone number that is another contact's, or not written as Chatwoot wants it, is not worth a case.
            if refused.failure != "http_422" or "phone_number" not in values:
                raise
            return await chatwoot.create_contact({key: value for key, value in values.items() if key != "phone_number"})

    async def _known(self, chatwoot: ChatwootClient, contact: Found, handoff_id: str) -> int | None:
        for one in await chatwoot.conversations_of(_id_of(contact)):
            if (one.get("custom_attributes") or {}).get(HANDOFF) == handoff_id:
                return _id_of(one)
        return None

    def _conversation(self, case: OutsideCase, contact: Found) -> dict[str, object]:
        team = self.teams.get(case.handoff.queue)
        return {
            "source_id": case.handoff.id,
            "contact_id": _id_of(contact),
            "status": "open",
            "custom_attributes": {HANDOFF: case.handoff.id, CONVERSATION: case.conversation.id},
            "additional_attributes": {"conversation_language": case.handoff.language},
            **({"team_id": team} if team else {}),
        }


def _id_of(found: Found) -> int:
    try:
        return int(found["id"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotDelivered("answer_malformed") from error
