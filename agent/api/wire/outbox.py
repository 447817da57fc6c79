"""Letters to webhooks and help desks."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from agent.casework.outbox.letters import LetterStatus


class KeptLetter(BaseModel):
    """A letter, without its contents."""

    id: str = Field(examples=["webhook:crm:trn_3fK-4"])
    event_id: str = Field(description="What the receiver knows it by, in every attempt.")
    target: str
    type: str = Field(examples=["handoff.queued"])
    conversation_id: str
    at: datetime
    status: LetterStatus
    attempts: int
    next_at: datetime = Field(description="When it is tried next; when that was, for one that is delivered or dead.")
    failure: str = Field(description="Why the last attempt failed; empty when it did not.")


class LetterList(BaseModel):
    """Newest first."""

    letters: list[KeptLetter]


class Heard(BaseModel):
    """What a webhook said was done, or was none of our business."""

    heard: bool
