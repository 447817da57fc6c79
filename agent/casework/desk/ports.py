"""What the desk needs of the store: who is there, what waits, what people hold. All reads are bound to ``shop_id``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from agent.conversation import Action, Conversation, ConversationId, Handoff, HandoffId, Message

DEFAULT_CAPACITY = 4


class Presence(StrEnum):
    """Whether a person takes cases now."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the desk, known by name. No ``queues`` or ``languages`` means all of them.

    ``capacity`` is how many open cases they hold at most. ``seen_at`` is when they last did something or said that they are there.
    """

    name: str
    role: str = "agent"
    status: Presence = Presence.OFFLINE
    capacity: int = DEFAULT_CAPACITY
    queues: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    seen_at: datetime | None = None

    def fits(self, queue: str, language: str) -> bool:
        """Whether a case of that queue, in that language, is one for them."""
        return (not self.queues or queue in self.queues) and (not self.languages or language in self.languages)


@dataclass(frozen=True, slots=True)
class Seat:
    """Whoever takes a case needs a free seat: at most ``capacity`` open cases of that person, the new one included."""

    person: str
    capacity: int


class NoSeat(Exception):
    """The person has as many open cases as they can take: nothing was stored."""


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases: empty fields do not narrow. ``statuses`` are values of ``HandoffStatus``."""

    statuses: tuple[str, ...] = ()
    queue: str | None = None
    person: str | None = None
    handoff_id: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a queue shows it: without its packet, with the conversation's head, its last message and the shopper's last."""

    handoff: Handoff
    conversation: Conversation
    last: Message | None = None
    heard: Message | None = None


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A conversation as a lead sees it; ``handoff`` is its open case, if it has one."""

    conversation: Conversation
    handoff: Handoff | None = None
    last: Message | None = None
    heard: Message | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A case that came into a queue and was claimed by somebody."""

    queued_at: datetime
    claimed_at: datetime
    person: str


class DeskBook(Protocol):
    """The desk's side of the conversation store. Every method is one transaction."""

    async def cases(self, shop_id: str, query: CaseQuery) -> Sequence[CaseRow]:
        """Cases, the highest priority first, then the oldest."""
        ...

    async def live(self, shop_id: str, since: datetime, limit: int) -> Sequence[LiveRow]:
        """Conversations in which something happened since then, the latest first."""
        ...

    async def taken(self, shop_id: str, queue: str, since: datetime, limit: int) -> Sequence[Taken]:
        """The latest ``limit`` claims in that queue since then, the oldest first."""
        ...

    async def held(self, shop_id: str) -> Mapping[str, int]:
        """How many open cases each person has; people without one are left out."""
        ...

    async def actions_in(self, shop_id: str, status: str, limit: int) -> Sequence[tuple[ConversationId, Action]]:
        """Actions in that status, the oldest first."""
        ...

    async def action(self, shop_id: str, action_id: str) -> tuple[ConversationId, Action] | None:
        """One action and its conversation."""
        ...

    async def overdue(self, now: datetime, limit: int = 20) -> Sequence[tuple[str, ConversationId, HandoffId]]:
        """Queued cases of every shop whose promised time is over, of which the shopper was not told yet."""
        ...

    async def waiting(self) -> Mapping[tuple[str, str], int]:
        """How many cases wait, by shop and queue."""
        ...

    async def people(self, shop_id: str) -> Sequence[Colleague]:
        """Everybody who was ever at the desk, by name."""
        ...

    async def put_person(self, shop_id: str, person: Colleague) -> None:
        """Keep a person, or change what is known of them."""
        ...
