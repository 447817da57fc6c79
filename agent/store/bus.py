"""Event fan-out within this process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from agent.conversation import ConversationId, Event
from agent.store.mailbox import Mailbox


class LocalBus:
    """``casework.ports.Bus`` for a service that is one process."""

    def __init__(self) -> None:
        self._mailboxes: defaultdict[str, list[Mailbox]] = defaultdict(list)

    async def publish(self, conversation_id: ConversationId, events: Sequence[Event]) -> None:
        """See the port."""
        for mailbox in self._mailboxes.get(conversation_id, ()):
            mailbox.put(events)

    @asynccontextmanager
    async def listen(self, conversation_id: ConversationId) -> AsyncIterator[AsyncIterator[Event]]:
        """See the port. The iterator ends when the bus is closed."""
        mailbox = Mailbox()
        self._mailboxes[conversation_id].append(mailbox)
        try:
            yield mailbox
        finally:
            self._mailboxes[conversation_id].remove(mailbox)
            if not self._mailboxes[conversation_id]:
                del self._mailboxes[conversation_id]

    async def close(self) -> None:
        """Listeners hear no more."""
        for mailboxes in self._mailboxes.values():
            for mailbox in mailboxes:
                mailbox.close()
