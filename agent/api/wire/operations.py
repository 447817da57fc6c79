"""Operations and the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"]
    version: str


class Readiness(BaseModel):
    """Whether the service can do its work, part by part; ``degraded``: it can, as while the LLM rests."""

    status: Literal["ok", "failed"]
    parts: dict[str, Literal["ok", "degraded", "failed"]] = Field(
        examples=[{"store": "ok", "index": "ok", "model": "ok"}]
    )


class Percentiles(BaseModel):
    """Milliseconds from a message to its stored answer."""

    p50: int | None
    p95: int | None


class Score(BaseModel):
    """How many answered, and their average."""

    count: int
    average: float | None


class Waits(BaseModel):
    """Seconds, by nearest rank."""

    p50: int | None
    p95: int | None


class DeskFigures(BaseModel):
    """Of the cases made in the period. `handle_s`: the average from claim to close, by people."""

    cases: int
    first_answer_s: Waits
    handle_s: int | None
    occupancy: float | None = Field(description="0 to 1: of people's time at work, the share with a case in hand.")
    waiting: int
    with_person: int


class Resolutions(BaseModel):
    """How it ended, the agent's conversations and people's cases apart."""

    agent: dict[str, int] = Field(description="Answered conversations: confirmed, assumed, abandoned, escalated.")
    people: dict[str, int] = Field(
        description="Cases: confirmed, assumed, not_solved, abandoned, returned, duplicate, open."
    )


class ModelSpending(BaseModel):
    """What a model took; `cost` is a decimal in the currency of the shop's prices."""

    turns: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost: str


class KpisOut(BaseModel):
    """Figures of what began between two instants, the second one excluded."""

    start: datetime
    end: datetime
    conversations: int
    turns: int
    outcomes: dict[str, int] = Field(
        description="Each conversation once: human, confirmed, unresolved, acted, answered, empty.",
    )
    resolutions: Resolutions
    handoffs: dict[str, int] = Field(description="By reason; a case with two reasons counts under both.")
    desk: DeskFigures
    actions: dict[str, dict[str, int]] = Field(description="By kind, then by status.")
    latency_ms: Percentiles
    csat: Score
    nps: Score
    models: dict[str, ModelSpending] = Field(description="What LLMs took on the days touched, by model.")


class EventKept(BaseModel):
    """The event is kept; `duplicate` when it was already."""

    id: str
    duplicate: bool


class DemoCustomer(BaseModel):
    """A customer of the demo shop to sign in as."""

    name: str
    email: str
    shopper_token: str


class DemoStage(BaseModel):
    """The demo shop for whoever evaluates the service: its time, and all of its data."""

    now: datetime
    shop: dict[str, Any]


class DemoMail(BaseModel):
    """A mail that the demo did not send."""

    to: str
    subject: str
    text: str
    at: datetime
