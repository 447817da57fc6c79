"""Conversations: opening one, writing in it, reading it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from agent.api.wire.cards import Card
from agent.api.wire.text import Channel, ClientMessageId, Locale, MessageText, Plain, ShopperToken
from agent.api.wire.turn import Action, Citation, Handoff
from agent.conversation import Speaker, Status

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Value = (
    Annotated[Plain, Field(max_length=500)] | bool | Annotated[int, Field(ge=-(2**53), le=2**53)] | FiniteFloat | None
)
ConversationIdIn = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,100}$", examples=["cnv_8sD..."])]
TokenIn = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$", description="The conversation's token.")]


class Strict(BaseModel):
    """A request: a field that does not exist is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class ChatIn(Strict):
    """One message; without `conversation_id` it opens a conversation."""

    message: MessageText
    conversation_id: ConversationIdIn | None = None
    token: TokenIn | None = None
    shopper_token: ShopperToken | None = None
    locale: Locale | None = None
    channel: Channel = "web"
    client_message_id: ClientMessageId | None = None


class ConversationIn(Strict):
    """How a conversation starts."""

    locale: Locale | None = None
    channel: Channel = "web"
    shopper_token: ShopperToken | None = None
    metadata: dict[Name, Value] = Field(
        default_factory=dict,
        max_length=20,
        description="What the storefront wants the desk to see; at most 20 plain values.",
        examples=[{"page": "/orders/10023"}],
    )


class Opened(BaseModel):
    """A conversation, and the key to it."""

    id: str = Field(examples=["cnv_8sD..."])
    token: str = Field(description="Send it as `X-Conversation-Token`. It is shown this once.")
    status: Status
    disclosure: str = Field(description="That an AI answers; show it before anything else.")


class MessageIn(Strict):
    """A message of the shopper."""

    text: MessageText
    client_message_id: ClientMessageId | None = None


class FeedbackIn(Strict):
    """What the shopper thinks of it; at least one field is wanted."""

    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    nps: Annotated[int, Field(ge=0, le=10)] | None = None
    resolved: bool | None = None
    comment: Annotated[Plain, Field(max_length=2000)] | None = None


class State(BaseModel):
    """How a conversation stands."""

    id: str
    status: Status
    language: str
    channel: str
    created_at: datetime
    updated_at: datetime
    identity_level: int = Field(description="0 anonymous, 1 knows an order, 2 shown to be the customer.")
    asks: list[str]
    actions: list[Action] = Field(description="Proposals that wait for the shopper's word.")
    cards: list[Card] = Field(description="The cards of the last reply that can still be used.")
    handoff: Handoff | None


class MessageOut(BaseModel):
    """A message in the history."""

    id: str
    seq: int
    who: Speaker
    author: str = Field(description="The person's name, when a person wrote it.")
    text: str
    at: datetime
    language: str
    citations: list[Citation]
    client_message_id: str | None = Field(description="What the shopper's side called it when sending it.")


class AttachmentOut(BaseModel):
    """A photo of a conversation."""

    name: str = Field(examples=["att_3fK9.jpg"])
    type: str = Field(examples=["image/jpeg"])
    bytes: int
    at: datetime
    url: str = Field(description="Where it is, with the same credentials.")


class Attachments(BaseModel):
    """The photos of a conversation, oldest first."""

    attachments: list[AttachmentOut]


class History(BaseModel):
    """Messages in order. `next_after` is the `after` of the next call; null when there is no more."""

    messages: list[MessageOut]
    next_after: int | None
    attachments: list[AttachmentOut] = Field(description="All photos of the conversation; on its last page only.")
