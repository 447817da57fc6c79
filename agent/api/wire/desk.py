"""The desk: cases, what is done with them, colleagues, and what waits for a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from agent.api.wire.conversation import MessageOut, Strict
from agent.api.wire.text import MOST_CHARACTERS, ClientMessageId, MessageText, Plain
from agent.api.wire.turn import HandoffReason, Money
from agent.casework.desk.ports import Presence
from agent.conversation import ActionStatus, HandoffStatus, Speaker, Status
from agent.understanding.reading import EntityKind

Name = Annotated[Plain, AfterValidator(str.strip), Field(min_length=1, max_length=100)]
QueueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$", examples=["general"])]
NoteText = Annotated[Plain, Field(max_length=MOST_CHARACTERS)]
Outcome = Literal["solved", "not_solved", "duplicate", "no_answer"]
WaitSeconds = Annotated[
    tuple[int, int] | None,
    Field(description="From and to, in seconds, by what the desk has done lately; null when too little is known."),
]


class LastMessage(BaseModel):
    """The beginning of a message."""

    who: Speaker
    author: str
    text: str
    at: datetime


class DeskHandoff(BaseModel):
    """A case as the desk's queue shows it."""

    id: str
    ticket: str = Field(description="What the shopper can read out.", examples=["T-7K2QXD"])
    conversation_id: str
    status: HandoffStatus
    conversation_status: Status
    queue: str
    priority: int = Field(description="1 is the most urgent.")
    language: str
    customer: str | None
    reasons: list[HandoffReason]
    frustration: float = Field(description="0 to 1, of the shopper's last message.")
    last_message: LastMessage | None
    created_at: datetime
    waiting_s: int
    expected_wait_s: WaitSeconds
    fits: bool = Field(description="Of one's own queues and languages.")
    promised_by: datetime | None
    overdue: bool = Field(description="The shopper was told that nobody came in time.")
    callback: str | None = Field(default=None, description="The number on which the shopper wants to be called.")
    claimed_by: str | None
    claimed_at: datetime | None
    closed_at: datetime | None
    outcome: str
    notes: str


class Entry(BaseModel):
    """A line of a case's log."""

    kind: str
    by: str
    text: str
    to: str
    at: datetime


class DeskCase(DeskHandoff):
    """A case with all that a person needs to go on."""

    position: int
    packet: dict[str, Any]
    log: list[Entry]
    notes_list: list[Entry]
    whispers: list[Entry]


class DeskQueue(BaseModel):
    """Cases, the most urgent first, then the oldest."""

    handoffs: list[DeskHandoff]


class SayIn(Strict):
    """What a person writes to the shopper."""

    text: MessageText
    client_message_id: ClientMessageId | None = None
    draft_id: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,100}$")] | None = Field(
        default=None, description="The suggestion it was made from."
    )


class SaidOut(BaseModel):
    """The message as it is in the history."""

    message: MessageOut


class NoteIn(Strict):
    """Something written down."""

    text: MessageText


class NoteOut(BaseModel):
    """The new line of the case's log."""

    entry: Entry


class TransferIn(Strict):
    """Where the case goes: a queue, or a person."""

    queue: QueueName | None = None
    to: Name | None = None
    notes: NoteText = ""


class FactIn(Strict):
    """Something the agent need not ask for."""

    kind: EntityKind
    value: Annotated[Plain, AfterValidator(str.strip), Field(min_length=1, max_length=500)]


class ReturnIn(Strict):
    """What the agent has to know to go on."""

    notes: NoteText = ""
    facts: Annotated[list[FactIn], Field(max_length=20)] = Field(default_factory=list)


class ResolveIn(Strict):
    """How the case ended."""

    outcome: Outcome
    notes: NoteText = ""


class ReopenIn(Strict):
    """Why a closed case is taken up again."""

    notes: NoteText = ""


class LiveConversation(BaseModel):
    """A conversation as a lead sees it."""

    conversation_id: str
    status: Status
    language: str
    channel: str
    customer: str | None
    created_at: datetime
    updated_at: datetime
    frustration: float
    last_message: LastMessage | None
    wants: list[str]
    handoff_id: str | None
    claimed_by: str | None


class LiveConversations(BaseModel):
    """The latest first."""

    conversations: list[LiveConversation]


class ColleagueOut(BaseModel):
    """Somebody of the desk."""

    name: str
    role: str
    status: Presence
    present: bool = Field(description="Online, and heard of in the last five minutes.")
    capacity: int
    open_cases: int
    queues: list[str] = Field(description="Empty: every queue.")
    languages: list[str] = Field(description="Empty: every language.")
    seen_at: datetime | None


class Colleagues(BaseModel):
    """Everybody who was ever at the desk, by name."""

    people: list[ColleagueOut]


class PresenceIn(Strict):
    """Whether one takes cases, how many, and which. What is left out stays as it was."""

    status: Presence
    capacity: Annotated[int, Field(ge=1, le=20)] | None = None
    queues: Annotated[list[QueueName], Field(max_length=20)] | None = None
    languages: Annotated[list[Literal["es", "en", "pt"]], Field(max_length=3)] | None = None


class ExceptionOut(BaseModel):
    """A change that policy leaves to a person. The shopper has said yes to it already."""

    id: str
    conversation_id: str
    handoff_id: str | None
    kind: str
    order: str | None
    status: ActionStatus
    summary: str
    before: dict[str, Any]
    after: dict[str, Any]
    cost: Money | None
    code: str = Field(description="Why policy did not decide.", examples=["claim_window_over"])
    codes: list[str] = Field(description="All that has to be allowed.")
    may_decide: bool = Field(description="Whether one's role may.")
    asked_at: datetime


class ExceptionsOut(BaseModel):
    """The oldest first."""

    actions: list[ExceptionOut]


class DecisionIn(Strict):
    """Why, for colleagues."""

    note: NoteText = ""


class DecidedOut(BaseModel):
    """What came of it: `executed`, or `failed` with the reason in `failure`, or `rejected`."""

    id: str
    status: ActionStatus
    failure: str
    receipt: dict[str, Any] | None


class Passage(BaseModel):
    """A quotable piece of an article."""

    article: str
    title: str
    url: str
    quote: str
    score: float
    supports: bool = Field(description="Near enough to the question to base an answer on.")


class Passages(BaseModel):
    """The nearest first."""

    passages: list[Passage]


class DraftOut(BaseModel):
    """A reply to edit and send, in the shopper's language."""

    id: str
    text: str
    citations: list[dict[str, Any]]


class Suggestions(BaseModel):
    """Help for whoever has the case."""

    drafts: list[DraftOut]
    articles: list[Passage]
    timeline: list[dict[str, Any]]
    next_step: str | None
