"""What a reply may show beside its words. The widget draws each of these; other channels may leave them out.

Every text is in the shopper's language and ready to be shown, as text. An option's ``say`` is what to send as the
shopper's message when it is picked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field


class Step(BaseModel):
    """A stage of a parcel's way."""

    name: str
    state: Literal["done", "now", "stopped", "ahead"]


class Parcel(BaseModel):
    """A parcel on its way."""

    carrier: str
    tracking_number: str
    tracking_url: str | None
    state: str
    good: bool = Field(description="False when something is wrong with it.")
    expected: str | None = Field(description="The day it is expected, or was delivered.")
    contents: list[str]
    steps: list[Step]
    last_seen: str | None
    pickup_point: str | None


class OrderCard(BaseModel):
    """An order and its parcels."""

    type: Literal["order"]
    order: str = Field(examples=["10023"])
    title: str
    state: str
    good: bool
    parcels: list[Parcel]
    waiting: list[str] = Field(description="Items that are in no parcel yet.")


class ItemLine(BaseModel):
    """An item that may be picked, up to ``most`` units of it."""

    id: str
    label: str
    detail: str
    price: str
    most: int
    enabled: bool
    note: str
    say: str


class ItemsCard(BaseModel):
    """Several items may be picked, each with a quantity."""

    type: Literal["items"]
    order: str
    title: str
    lines: list[ItemLine]


class Option(BaseModel):
    """One thing to pick."""

    id: str
    label: str
    detail: str
    price: str
    enabled: bool
    say: str


class ChoiceCard(BaseModel):
    """Exactly one may be picked."""

    type: Literal["choice"]
    of: Literal["orders", "variants", "slots", "pickup_points", "reasons"]
    title: str
    subtitle: str
    options: list[Option]


class AddressCard(BaseModel):
    """A form for an address; sent as one line, its parts with commas between them."""

    type: Literal["address"]
    title: str
    country: str | None = Field(examples=["MX"])
    labels: dict[Literal["line1", "line2", "city", "region", "postal_code"], str]


class Row(BaseModel):
    """What differs."""

    label: str
    before: str | None
    after: str


class Clause(BaseModel):
    """The rule that applies, and where it is written."""

    title: str
    url: str
    quote: str


class ConfirmationCard(BaseModel):
    """A change that waits for the shopper's word: `confirm`, `reject`, or a message that changes it."""

    type: Literal["confirmation"]
    action: str
    kind: str
    title: str
    rows: list[Row]
    cost: str
    clause: Clause | None
    undo: str | None = Field(description="For how long it can be undone; null when it cannot.")
    expires_at: datetime


class ReceiptCard(BaseModel):
    """What was done."""

    type: Literal["receipt"]
    action: str
    kind: str
    title: str
    reference: str | None
    rows: list[Row]
    cost: str
    label_url: str | None
    ship_by: str | None
    undo_until: datetime | None


Card = Annotated[
    OrderCard | ItemsCard | ChoiceCard | AddressCard | ConfirmationCard | ReceiptCard, Field(discriminator="type")
]
