"""What a conversation is: frozen values, no I/O. The store keeps them, casework changes them, the loop reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
TurnId = NewType("TurnId", str)
ActionId = NewType("ActionId", str)
HandoffId = NewType("HandoffId", str)

Json = Mapping[str, Any]


class Status(StrEnum):
    """Who answers the shopper now."""

    BOT = "bot"
    QUEUED = "queued"
    HUMAN = "human"
    CLOSED = "closed"


class Speaker(StrEnum):
    """Whose words a message is."""

    SHOPPER = "shopper"
    AGENT = "agent"
    PERSON = "person"


class ActionStatus(StrEnum):
    """The life of a proposal. ``needs_person``: the shopper said yes, and a person with authority has not decided yet."""

    PROPOSED = "proposed"
    NEEDS_PERSON = "needs_person"
    EXECUTED = "executed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    FAILED = "failed"
    UNDONE = "undone"


class HandoffStatus(StrEnum):
    """The life of a handoff."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    HUMAN = "human"
    RETURNED = "returned"
    RESOLVED = "resolved"


class TurnKind(StrEnum):
    """What the shopper did: wrote, pressed a button on a proposal, or asked for a person with the button.

    ``desk`` is a move of the people's side: what it does is in the turn's input. ``tool`` is one tool that a program asked
    for on the shopper's behalf: no words of theirs come with it, and it can neither confirm nor identify.
    """

    MESSAGE = "message"
    CONFIRM = "confirm"
    REJECT = "reject"
    UNDO = "undo"
    HANDOFF = "handoff"
    DESK = "desk"
    TOOL = "tool"


class TurnStatus(StrEnum):
    """Accepted (stored, not answered yet) or done."""

    ACCEPTED = "accepted"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the shopper told us, with the message it came from. It is never asked again.

    ``kind`` is an entity kind (order_number, email, size, reason, address ...) or ``name``. ``source`` is ``shopper``,
    or ``desk`` for what a person noted when they gave the case back; such a fact has no message.
    """

    kind: str
    value: str
    message_id: str
    at: datetime
    source: str = "shopper"


@dataclass(frozen=True, slots=True)
class Request:
    """One thing the shopper wants, on the agenda until it is done: an intent with what is known for it.

    ``slots`` are values bound to this request (``order``, ``line``, ``size``, ``reason``, ``address`` ...), ``words``
    the shopper's own. ``stage`` is private to whoever carries the request on (empty at the start).
    """

    intent: str
    words: str
    slots: Json = field(default_factory=dict)
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One utterance. ``seq`` grows by one within the conversation. ``reading`` is what was read in it, JSON-ready."""

    id: MessageId
    seq: int
    who: Speaker
    text: str
    at: datetime
    language: str
    turn_id: TurnId | None = None
    client_message_id: str | None = None
    author: str = ""
    citations: tuple[Json, ...] = ()
    reading: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that ran: its arguments, its result as the model saw it, and how long it took."""

    id: str
    turn_id: TurnId
    position: int
    name: str
    arguments: Json
    result: str
    ok: bool
    ms: int


@dataclass(frozen=True, slots=True)
class Action:
    """A proposal and what became of it.

    ``proposal`` is the stored ``tools.proposals.Proposal``; ``summary`` the sentence shown; ``receipt`` is set once
    executed. ``failure`` is a stable code when it failed.
    """

    id: ActionId
    turn_id: TurnId
    kind: str
    order_number: str | None
    status: ActionStatus
    summary: str
    before: Json
    after: Json
    cost: Json | None
    proposal: Json
    digest: str
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None
    receipt: Json | None = None
    undo_until: datetime | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person is needed: a reason code, the words that show it, and their message."""

    code: str
    detail: str
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in a case's log, for the desk's eyes only.

    ``kind``: note, whisper, claimed, transferred, returned, resolved, reopened, overdue, callback (``text`` is the number), approved, declined. ``by`` is the person's
    name, empty when it was the service; ``to`` the queue or person concerned.
    """

    kind: str
    by: str
    text: str
    at: datetime
    to: str = ""


@dataclass(frozen=True, slots=True)
class Handoff:
    """A case for a person. ``packet`` is all that person needs; ``notes`` are theirs, facts for the agent later.

    ``queued_at`` is when it last came into its queue (none: when it was made), ``overdue_at`` when the shopper was told
    that nobody came in time.
    """

    id: HandoffId
    conversation_id: ConversationId
    status: HandoffStatus
    queue: str
    priority: int
    language: str
    reasons: tuple[Reason, ...]
    packet: Json
    created_at: datetime
    promised_by: datetime | None = None
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    notes: str = ""
    log: tuple[Entry, ...] = ()
    queued_at: datetime | None = None
    overdue_at: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """When it came into the queue in which it is, or was taken from."""
        return self.queued_at or self.created_at


@dataclass(frozen=True, slots=True)
class Conversation:
    """The head of a conversation.

    ``identity_level`` and ``customer_id`` say who the shopper has shown to be, ``verified_orders`` what level 1 may
    read. ``agenda`` holds the requests still open, the current one first. ``asked`` are the fact kinds the last reply
    asked for. ``code_for`` is the customer a one-time code was sent for. ``seq`` is the last turn's number.
    """

    id: ConversationId
    shop_id: str
    status: Status
    language: str
    channel: str
    created_at: datetime
    updated_at: datetime
    seq: int = 0
    customer_id: str | None = None
    identity_level: int = 0
    verified_orders: tuple[str, ...] = ()
    code_for: str | None = None
    facts: tuple[Fact, ...] = ()
    agenda: tuple[Request, ...] = ()
    asked: tuple[str, ...] = ()
    metadata: Json = field(default_factory=dict)

    def fact(self, kind: str) -> Fact | None:
        """The latest fact of that kind."""
        return next((fact for fact in reversed(self.facts) if fact.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Turn:
    """One move and our answer to it. ``input`` is ``{"text"}``, ``{"action_id"}``, ``{"tool", "arguments"}``, or a move of the desk.

    ``result`` is the stored answer, exactly as it was sent (the ``Turn`` of the HTTP contract).
    """

    id: TurnId
    conversation_id: ConversationId
    seq: int
    kind: TurnKind
    status: TurnStatus
    input: Json
    accepted_at: datetime
    message_id: MessageId | None = None
    client_message_id: str | None = None
    result: Json | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something a subscriber may see. Ordered by ``(turn_seq, n)``, which is its id on the wire (``"5-2"``)."""

    turn_seq: int
    n: int
    type: str
    data: Json

    @property
    def id(self) -> str:
        """The id on the wire."""
        return f"{self.turn_seq}-{self.n}"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that a turn is decided from, as stored: the head, messages in order, tool calls, actions, handoffs."""

    conversation: Conversation
    messages: tuple[Message, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    actions: tuple[Action, ...] = ()
    handoffs: tuple[Handoff, ...] = ()

    @property
    def pending(self) -> tuple[Action, ...]:
        """Proposals that wait for the shopper's word, oldest first."""
        return tuple(action for action in self.actions if action.status is ActionStatus.PROPOSED)

    @property
    def open_handoff(self) -> Handoff | None:
        """The handoff a person is, or will be, working on."""
        closed = (HandoffStatus.RETURNED, HandoffStatus.RESOLVED)
        return next((handoff for handoff in reversed(self.handoffs) if handoff.status not in closed), None)
