"""What a Chatwoot account holds, what its people do in it, and the webhooks that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

KINDS = {"incoming": 0, "outgoing": 1}


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(slots=True)
class Contact:
    """Somebody who writes to the shop."""

    id: int
    values: dict[str, Any]

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        wanted = ("name", "email", "phone_number", "identifier")
        return {"id": self.id, **{key: self.values.get(key) for key in wanted}, "custom_attributes": {}}


@dataclass(slots=True)
class Message:
    """A message or a private note."""

    id: int
    conversation: int
    kind: str
    text: str
    private: bool
    source_id: str | None
    sender: Mapping[str, Any]

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "id": self.id,
            "content": self.text,
            "conversation_id": self.conversation,
            "message_type": KINDS[self.kind],
            "content_type": "text",
            "private": self.private,
            "source_id": self.source_id,
        }


@dataclass(slots=True)
class Conversation:
    """A conversation of the inbox."""

    id: int
    contact: Contact
    values: dict[str, Any]
    status: str = "open"
    priority: str | None = None
    assignee: str | None = None
    labels: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """As the API and the webhooks show it."""
        return {
            "id": self.id,
            "inbox_id": self.values["inbox_id"],
            "status": self.status,
            "labels": self.labels,
            "custom_attributes": self.values.get("custom_attributes", {}),
            "additional_attributes": self.values.get("additional_attributes", {}),
        }


class Book:
    """One account with one inbox of the kind "API". ``news`` are webhooks not sent yet; ``now`` is Chatwoot's clock."""

    def __init__(self, account: int, inbox: int) -> None:
        self.account, self.inbox = account, inbox
        self.contacts: dict[int, Contact] = {}
        self.conversations: dict[int, Conversation] = {}
        self.news: list[dict[str, Any]] = []
        self.now = 0.0
        self._ids = count(1)
        self._changes = count(1)

    def contacts_with(self, key: str, value: str) -> list[Contact]:
        """Letters count alike, large or small, as in Chatwoot's own filter."""
        return [one for one in self.contacts.values() if str(one.values.get(key) or "").lower() == value.lower()]

    def add_contact(self, values: Mapping[str, Any]) -> Contact:
        """Raises ``Refused`` for an identifier, an e-mail or a telephone number that is taken or not one."""
        self._require_inbox(values)
        for key in ("identifier", "email", "phone_number"):
            if values.get(key) and self.contacts_with(key, values[key]):
                raise Refused(422, f"{key} has already been taken")
        if values.get("phone_number") and not values["phone_number"].startswith("+"):
            raise Refused(422, "Phone number should be in e164 format")
        contact = Contact(next(self._ids), dict(values))
        self.contacts[contact.id] = contact
        return contact

    def add_conversation(self, values: Mapping[str, Any]) -> Conversation:
        """A new one, whatever there is already: Chatwoot has no idempotency keys."""
        self._require_inbox(values)
        contact = self.contacts.get(values.get("contact_id", 0))
        if contact is None:
            raise Refused(404, "Resource could not be found")
        conversation = Conversation(len(self.conversations) + 1, contact, dict(values), values.get("status", "open"))
        self.conversations[conversation.id] = conversation
        self._tell("conversation_created", conversation.shown())
        return conversation

    def conversation(self, number: int) -> Conversation:
        """Raises ``Refused``."""
        if number not in self.conversations:
            raise Refused(404, "Resource could not be found")
        return self.conversations[number]

    def say(self, number: int, values: Mapping[str, Any]) -> Message:
        """A message through the API: the contact's own when it is incoming, else the token's owner's."""
        conversation = self.conversation(number)
        kind = values.get("message_type", "outgoing")
        sender = {"id": 1, "name": "Postventa", "type": "user"}
        if kind == "incoming":
            sender = {"id": conversation.contact.id, "name": conversation.contact.values.get("name"), "type": "contact"}
            if conversation.status == "resolved":
                self.set_status(number, "open")
        return self._add(conversation, kind, values, sender)

    def reply(self, number: int, person: str, text: str, *, private: bool = False, by: str = "user") -> Message:
        """A person, or ``by`` a bot, writes in Chatwoot's own window."""
        sender = {"id": 7, "name": person, "type": by}
        values = {"content": text, "private": private}
        return self._add(self.conversation(number), "outgoing", values, sender)

    def set_status(self, number: int, status: str, person: str | None = None) -> None:
        """Somebody sets it, in the window or through the API; nothing happens when it is so already."""
        conversation = self.conversation(number)
        conversation.assignee = person or conversation.assignee
        if conversation.status != status:
            conversation.status = status
            assignee = {"name": conversation.assignee, "type": "user"} if conversation.assignee else None
            changed = {"meta": {"assignee": assignee}, "updated_at": float(next(self._changes))}
            self._tell("conversation_status_changed", {**conversation.shown(), **changed})

    def _add(
        self, conversation: Conversation, kind: str, values: Mapping[str, Any], sender: Mapping[str, Any]
    ) -> Message:
        private, source_id = bool(values.get("private")), values.get("source_id")
        text = str(values["content"])
        message = Message(next(self._ids), conversation.id, kind, text, private, source_id, sender)
        conversation.messages.append(message)
        about = {
            "id": message.id,
            "content": text,
            "message_type": kind,
            "private": private,
            "source_id": source_id,
            "sender": sender,
            "account": {"id": self.account, "name": "Shop"},
            "inbox": {"id": self.inbox, "name": "Postventa"},
            "conversation": conversation.shown(),
        }
        self._tell("message_created", about)
        return message

    def _tell(self, event: str, payload: Mapping[str, Any]) -> None:
        self.news.append({**payload, "event": event})

    def _require_inbox(self, values: Mapping[str, Any]) -> None:
        if values.get("inbox_id") != self.inbox:
            raise Refused(404, "Resource could not be found")
