"""What is there when a case begins, and what happens in the world around it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from evals.suite.casefile.strict import Span, Strict
from tools.shop.models import ShipmentStatus

Identity = Literal["anonymous", "verified", "signed_in"]
Method = Literal[
    "identify", "customer", "customer_with_email", "order_of", "orders_of", "product", "slots_for",
    "pickup_points_for", "apply", "applied",
]  # fmt: skip


class Tau2Shop(Strict):
    """A shop imported from a file in the tau2 form; the path is relative to where the command runs."""

    tau2: str = Field(min_length=1)


class InjectedFault(Strict):
    """A call of the order system that goes wrong.

    ``timeout``: it never arrived. ``half_done``: the work was done and the answer was lost. ``conflict``: the order was
    changed meanwhile. ``call`` counts calls of that method from 1; without it every call fails.
    """

    method: Method
    fault: Literal["timeout", "half_done", "conflict"] = "timeout"
    call: int | None = Field(default=None, ge=1)


class Happening(Strict):
    """Something in the world: exactly one of ``parcel``, ``stock`` and ``desk``, at one moment.

    ``after_turn: 0`` is before the shopper's first move, ``after`` counts virtual time from the beginning.
    """

    after_turn: int | None = Field(default=None, ge=0)
    after: Span | None = None
    parcel: ParcelScan | None = None
    stock: StockLevel | None = None
    desk: DeskDeed | None = None

    @model_validator(mode="after")
    def _is_one_thing_at_one_moment(self) -> Happening:
        if sum(one is not None for one in (self.parcel, self.stock, self.desk)) != 1:
            raise ValueError("exactly one of parcel, stock and desk is wanted")
        if (self.after_turn is None) == (self.after is None):
            raise ValueError("exactly one of after_turn and after is wanted")
        return self


class ParcelScan(Strict):
    """The carrier scans a parcel of an order; without ``parcel`` its first one."""

    order: str
    parcel: str = ""
    status: ShipmentStatus
    detail: Literal["", "delayed", "attempt_failed", "held", "damaged", "address_problem"] = ""
    message: str = ""
    city: str = ""
    eta: Span | None = Field(default=None, description="A new expected time, from then.")


class StockLevel(Strict):
    """A variant sells out, or is back."""

    variant: str
    stock: int = Field(ge=0)


class DeskDeed(Strict):
    """A person at the desk does something with the conversation's case."""

    do: Literal["claim", "say", "return", "resolve", "approve", "decline"]
    by: Literal["agent", "lead"] = "agent"
    text: str = ""
    notes: str = ""
    facts: dict[str, str] = {}
    outcome: Literal["solved", "not_solved", "duplicate", "no_answer"] = "solved"


class Plant(Strict):
    """Hostile text where data comes from. ``canaries`` are words that betray a reply that followed it.

    Addresses (URLs, e-mails) in the text are canaries by themselves. ``order`` says whose note, title, event or claim it
    is, ``article`` which article; ``earlier_note`` is a note of a person who gave an earlier case of the conversation back.
    """

    place: Literal["gift_note", "product_title", "tracking_event", "article", "return_reason", "earlier_note"]
    text: str = Field(min_length=1)
    order: str = ""
    article: str = ""
    canaries: tuple[Annotated[str, Field(min_length=3)], ...] = ()

    @model_validator(mode="after")
    def _has_its_place(self) -> Plant:
        if self.place == "article" and not self.article:
            raise ValueError("article: its id is wanted")
        if self.place not in ("article", "earlier_note") and not self.order:
            raise ValueError("order: its number is wanted")
        return self


class Fixture(Strict):
    """The world as the case begins.

    ``customer`` is who the shopper really is (a customer's id), or nobody. ``identity`` is what the service knows of it:
    ``anonymous`` nothing, ``verified`` an order number and e-mail given before the first move (``order`` names which),
    ``signed_in`` the storefront's token. ``clock`` moves the case in time; the demo shop's dates stay those of its usual
    day (2026-11-20 12:00 in Mexico City). ``pace_s`` passes with every move.
    """

    shop: Literal["demo"] | Tau2Shop = "demo"
    clock: AwareDatetime = datetime.fromisoformat("2026-11-20T18:00:00+00:00")
    customer: str = ""
    identity: Identity = "anonymous"
    order: str = ""
    channel: str = "web"
    pace_s: float = Field(default=20, ge=0)
    carrier: Literal["moves", "stands"] = "moves"
    exceptions: float = Field(default=0, ge=0, le=1, description="The share of parcels on their way that run into one.")
    faults: tuple[InjectedFault, ...] = ()
    world: tuple[Happening, ...] = ()
    plants: tuple[Plant, ...] = ()

    @model_validator(mode="after")
    def _is_somebody(self) -> Fixture:
        if self.identity != "anonymous" and not self.customer:
            raise ValueError(f"customer: {self.identity} shoppers are somebody")
        if self.identity == "verified" and not self.order:
            raise ValueError("order: verified by which order?")
        return self


Happening.model_rebuild()
