"""What casework needs from the world. Adapters live in ``agent/store``; each port has one contract test for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent.casework.desk.ports import DeskBook, Seat
from agent.casework.outbox.letters import Letter
from agent.casework.spending import Spent
from agent.conversation import (
    Action,
    CaseFile,
    Conversation,
    ConversationId,
    Event,
    Handoff,
    HandoffId,
    Json,
    Message,
    ToolCall,
    Turn,
    TurnId,
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to answer one conversation, until ``until``. ``fence`` grows with every new holder."""

    conversation_id: ConversationId
    owner: str
    fence: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A turn to be answered now by the lease's holder, with all it is decided from.

    ``file.messages`` includes this turn's own message and nothing after it.
    """

    lease: Lease
    turn: Turn
    file: CaseFile


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn leaves behind; stored whole or not at all.

    ``actions`` and ``handoffs`` are new or changed rows (by id). ``reading`` replaces the reading stored with the
    shopper's message. ``usage`` is ``{"model", "input_tokens", "cached_tokens", "output_tokens", "cost"}``, and ``spent`` the same by
    model, for the shop's day. With a ``seat``, nothing is
    stored unless its person has one free. A turn that was ``refused`` gives its ``client_message_id`` back: it may be
    asked for again.
    """

    conversation: Conversation
    result: Json
    messages: tuple[Message, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    actions: tuple[Action, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    events: tuple[Event, ...] = ()
    letters: tuple[Letter, ...] = ()
    reading: Json | None = None
    usage: Json | None = None
    spent: tuple[Spent, ...] = ()
    latency_ms: int = 0
    seat: Seat | None = None
    refused: bool = False


class LeaseLost(Exception):
    """Somebody else answers this conversation now: nothing was stored."""


class Store(DeskBook, Protocol):
    """The conversation store, the one truth. Every method is one transaction. All reads are bound to ``shop_id``."""

    async def open(self, conversation: Conversation, token_hash: str) -> None:
        """Keep a new conversation and the SHA-256 (hex) of its token."""
        ...

    async def find(self, shop_id: str, conversation_id: str) -> tuple[Conversation, str] | None:
        """A conversation and its token's hash."""
        ...

    async def accept(
        self, turn: Turn, message: Message | None, *, owner: str, now: datetime, lease_s: float
    ) -> Turn | Claim:
        """Store a turn and the shopper's message before any work, and take the lease when nothing is in the way.

        ``turn.seq`` and ``message.seq`` are given by the store (those passed in are ignored). When the conversation
        already has a turn with this ``client_message_id``, nothing is stored and that ``Turn`` is answered. Answers a
        ``Claim`` when the conversation's lease is free (or run out) and no earlier turn waits; otherwise the stored
        ``Turn``, which somebody has to wait for. Raises ``agent.errors.NotFound`` when the conversation is gone.
        """
        ...

    async def claim(
        self, shop_id: str, conversation_id: str, *, owner: str, now: datetime, lease_s: float
    ) -> Claim | None:
        """Take the lease and the earliest unanswered turn, if there is one and the lease is free or has run out."""
        ...

    async def renew(self, lease: Lease, *, now: datetime, lease_s: float) -> Lease:
        """Keep a lease longer. Raises ``LeaseLost``."""
        ...

    async def finish(self, claim: Claim, outcome: Outcome, *, now: datetime) -> None:
        """Store an outcome, mark the turn done and let the lease go.

        Raises ``LeaseLost`` or ``NoSeat``, and then nothing is stored.
        """
        ...

    async def turn(self, shop_id: str, turn_id: TurnId) -> Turn | None:
        """A turn with its stored answer, if it has one yet."""
        ...

    async def case_file(self, shop_id: str, conversation_id: str) -> CaseFile | None:
        """Everything there is on a conversation."""
        ...

    async def messages_after(self, shop_id: str, conversation_id: str, after: int, limit: int) -> Sequence[Message]:
        """Messages with ``seq > after``, in order."""
        ...

    async def events_after(
        self, shop_id: str, conversation_id: str, after: tuple[int, int], limit: int = 1000
    ) -> Sequence[Event]:
        """Stored events past ``(turn_seq, n)``, in order."""
        ...

    async def abandoned(self, now: datetime, limit: int = 20) -> Sequence[tuple[str, ConversationId]]:
        """``(shop_id, conversation_id)`` with an unanswered turn that nobody holds a valid lease for."""
        ...

    async def handoff(self, shop_id: str, handoff_id: str) -> Handoff | None:
        """A handoff with its packet."""
        ...

    async def handoffs(self, shop_id: str, status: str | None, limit: int = 100) -> Sequence[Handoff]:
        """Handoffs in that status (all when none), highest priority first, then oldest first."""
        ...

    async def queue_position(self, shop_id: str, handoff_id: HandoffId) -> int:
        """1 for the case that is next in its queue; 0 when it is not queued."""
        ...

    async def keep_feedback(self, shop_id: str, conversation_id: str, feedback: Json, now: datetime) -> None:
        """Keep a rating."""
        ...

    async def erase(self, shop_id: str, conversation_id: str) -> bool:
        """Delete a conversation and every row that belongs to it; false when there was none."""
        ...

    async def ping(self) -> None:
        """Raise when the database does not answer."""
        ...


class Bus(Protocol):
    """Event fan-out between whoever answers and whoever listens, on this machine or another."""

    async def publish(self, conversation_id: ConversationId, events: Sequence[Event]) -> None:
        """Tell all present listeners; nobody else will hear of it here (the store keeps what must be kept)."""
        ...

    def listen(self, conversation_id: ConversationId) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """Hear events from the moment the context is entered. A listener 1,000 events behind loses the oldest."""
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...


class RateLimit(Protocol):
    """How often something may be done."""

    async def hit(self, name: str, key: str, *, limit: int, per_s: int) -> int:
        """Count one; 0 when it is allowed, else the whole seconds until it will be."""
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...


@dataclass(frozen=True, slots=True)
class StoredCode:
    """A one-time code as kept: never the code, only its salted hash. ``tries`` are the wrong ones so far."""

    customer_id: str
    digest: str
    expires_at: datetime
    tries: int


class CodeStore(Protocol):
    """Where one-time codes are kept: one live code a customer and conversation."""

    async def put(self, shop_id: str, conversation_id: str, code: StoredCode, now: datetime) -> None:
        """Keep a code; the one before it is dead."""
        ...

    async def take(self, shop_id: str, conversation_id: str, customer_id: str, now: datetime) -> StoredCode | None:
        """The live code; the look itself counts as a try, so that guesses in parallel are all counted."""
        ...

    async def spend(self, shop_id: str, conversation_id: str, customer_id: str) -> None:
        """The code was right: it is used up."""
        ...


class Mail(Protocol):
    """A way to reach a customer at the contact on file."""

    async def send(self, shop_id: str, to: str, subject: str, text: str, now: datetime, *, about: str = "") -> None:
        """Hand a mail over; ``about`` is its conversation, with which it is erased. Raises ``OSError`` when it could not be."""
        ...


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An answer kept for an ``Idempotency-Key``; ``status`` 0 while the first request is still at work."""

    body_hash: str
    status: int
    body: str


class IdempotencyStore(Protocol):
    """Answers by ``Idempotency-Key``."""

    async def begin(self, shop_id: str, key: str, body_hash: str, now: datetime) -> StoredResponse | None:
        """None when the key is new (and now taken by the caller); else what is kept. Keys live for 24 hours."""
        ...

    async def complete(self, shop_id: str, key: str, status: int, body: str) -> None:
        """Keep the answer."""
        ...

    async def drop(self, shop_id: str, key: str) -> None:
        """The request failed before it wrote anything: the key is free again."""
        ...


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Whom a key speaks for.

    ``kind`` is ``sk`` (a back end), ``pk`` (the widget, only from ``origins``) or ``dk`` (a person at the desk:
    ``name`` and ``role``, ``agent`` or ``lead``).
    """

    shop_id: str
    kind: str
    name: str = ""
    role: str = ""
    origins: tuple[str, ...] = ()


class KeyStore(Protocol):
    """API keys. They are kept hashed and cannot be read back."""

    async def find(self, key: str) -> ApiKey | None:
        """None when there is no such key."""
        ...

    async def put(self, key: str, api_key: ApiKey) -> None:
        """Keep a key, or change what it stands for; other replicas may take a minute to see a change."""
        ...

    async def held(self, shop_id: str) -> Sequence[ApiKey]:
        """Whom that shop's keys speak for, by kind and name."""
        ...

    async def remove(self, shop_id: str, kind: str, name: str) -> int:
        """Take every key of that kind and name back; how many there were. Other replicas may take a minute to heed it."""
        ...
