"""The answer to a move of the shopper."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.api.wire.cards import Card
from agent.conversation import ActionStatus, HandoffStatus, Status


class Money(BaseModel):
    """An amount; a string, never a float."""

    amount: str = Field(examples=["49.90"])
    currency: str = Field(examples=["EUR"])


class Citation(BaseModel):
    """Where a statement comes from."""

    model_config = ConfigDict(extra="allow")

    article: str = Field(examples=["returns_window"])
    title: str
    url: str
    quote: str


class Reply(BaseModel):
    """What the agent says."""

    id: str = Field(examples=["msg_3fK..."])
    text: str
    citations: list[Citation]


class Receipt(BaseModel):
    """What the shopper keeps after a change."""

    id: str
    at: datetime
    references: dict[str, str] = Field(description="What can be quoted later.", examples=[{"rma": "R-5F2K9"}])
    label_url: str | None
    ship_by: str | None = Field(description="The day until which the parcel has to be on its way.")
    undo_until: datetime | None


class Action(BaseModel):
    """A change that the agent proposes, and what became of it. Nothing is changed before the shopper confirms."""

    id: str = Field(examples=["act_7Qx..."])
    kind: str = Field(examples=["change_address"])
    order: str | None = Field(examples=["10023"])
    status: ActionStatus
    summary: str = Field(description="The change in one sentence, in the shopper's language.")
    before: dict[str, Any] = Field(description="What differs, as it is.")
    after: dict[str, Any] = Field(description="What differs, as it will be.")
    cost: Money | None = Field(description="Above 0 the shopper pays it, below 0 it is paid back.")
    expires_at: datetime
    receipt: Receipt | None


class HandoffReason(BaseModel):
    """Why a person is needed."""

    code: str = Field(examples=["human_request"])
    detail: str
    message_id: str


class Handoff(BaseModel):
    """A case for a person."""

    id: str = Field(examples=["hnd_P0a..."])
    ticket: str = Field(description="What the shopper can read out.", examples=["T-7K2QXD"])
    status: HandoffStatus
    reasons: list[HandoffReason]
    queue: str = Field(examples=["general"])
    position: int = Field(description="1 is next; 0 when it does not wait.")
    expected_wait_s: tuple[int, int] | None = Field(
        description="From and to, in seconds from now, by what the desk has done lately; null when too little is known."
    )
    promised_by: datetime | None = Field(description="When somebody should be there at the latest.")
    person: str | None = Field(description="Who has the case.")


class ToolRun(BaseModel):
    """A tool that ran."""

    name: str = Field(examples=["get_order"])
    ok: bool
    ms: int


class Usage(BaseModel):
    """Who spoke, and what all models of the turn took; `cost` is a decimal in the currency of the shop's prices."""

    model: str = Field(examples=["embedded"])
    input_tokens: int
    cached_tokens: int = Field(default=0, description="Of the input, what the provider had seen before.")
    output_tokens: int
    cost: str


Ask = Literal[
    "order_number",
    "email",
    "postal_code",
    "code",
    "address",
    "item",
    "size",
    "reason",
    "date",
    "confirmation",
    "choice",
]


class Turn(BaseModel):
    """What one move of the shopper led to."""

    conversation_id: str = Field(examples=["cnv_8sD..."])
    id: str = Field(examples=["trn_1bV..."])
    status: Status = Field(description="Who answers the shopper now.")
    language: str = Field(examples=["es"])
    reply: Reply | None = Field(description="None while a person has the conversation.")
    asks: list[Ask | str] = Field(description="The facts that the reply asks for.", examples=[["order_number"]])
    actions: list[Action] = Field(description="Proposals made, decided or overtaken in this turn.")
    cards: list[Card] = Field(description="What the reply shows beside its words, for channels that can.")
    handoff: Handoff | None
    tools: list[ToolRun]
    usage: Usage
    latency_ms: int


class OpeningTurn(Turn):
    """A turn of the one-call endpoint."""

    token: str | None = Field(
        default=None, description="Only when this call opened the conversation: the key to it from now on."
    )
