"""The shape of ``orders.yaml``. Lines are named by their variant (``brisa/7/blanco``), moments are relative to now."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from tools.shop.demo.customers import AddressSheet
from tools.shop.demo.sheet import FOLDER, Amount, Sheet, When, read_sheet
from tools.shop.models import ClaimKind, RefundStatus, ReturnReason, ReturnStatus

Units = dict[str, Annotated[int, Field(ge=1)]]


class Fate(StrEnum):
    """A parcel's last scan."""

    ANNOUNCED = "announced"
    HUB = "hub"
    OUT = "out"
    AVAILABLE = "available"
    DELIVERED = "delivered"
    LEFT_AT_DOOR = "left_at_door"
    ATTEMPT_FAILED = "attempt_failed"
    DELAYED = "delayed"
    ADDRESS_PROBLEM = "address_problem"
    LOST = "lost"
    RETURNED = "returned"


class ParcelSheet(Sheet):
    """A parcel; without ``contents`` it carries the whole order, without ``eta`` it is expected when promised."""

    fate: Fate
    shipped: When | None = None
    last: When
    eta: When | None = None
    contents: Units | None = None


class DeliverySheet(Sheet):
    """How it is to be brought. ``slot``: the n-th window on offer now; ``hold_until``: days from today."""

    slot: int | None = None
    pickup_point: str | None = None
    hold_until: int | None = None
    instructions: str = ""


class ReturnLineSheet(Sheet):
    """Units that come back, and why."""

    quantity: int
    reason: ReturnReason


class ReturnSheet(Sheet):
    """An RMA; ``to`` is the method that gets the money."""

    status: ReturnStatus
    requested: When
    received: When | None = None
    refunded: When | None = None
    lines: dict[str, ReturnLineSheet]
    to: str


class ExchangeSheet(Sheet):
    """Units given back for another variant: old name -> new name."""

    status: ReturnStatus
    requested: When
    swaps: dict[str, str]
    method: str


class ClaimSheet(Sheet):
    """An open claim, in the customer's own words."""

    problem: ClaimKind
    lines: Units
    description: str
    wish: Literal["refund", "replacement", "repair"]
    opened: When


class CancelSheet(Sheet):
    """A cancellation: of the whole order, or only of ``units``."""

    at: When
    reason: str
    refund: RefundStatus
    units: Units | None = None


class OrderSheet(Sheet):
    """One order. ``state`` and ``also`` are the names by which it is asked for (``orders_in_state``)."""

    number: Annotated[str, Field(pattern=r"^1\d{4}$")]
    state: str
    also: list[str] = Field(default_factory=list)
    customer: str
    placed: When
    pay: dict[str, Literal["rest"] | Amount] = Field(default_factory=dict)
    lines: Units
    discount: Amount | None = None
    service: Literal["standard", "express"] = "standard"
    delivery: DeliverySheet = DeliverySheet()
    gift_note: str = ""
    ship_to: AddressSheet | None = None
    parcels: list[ParcelSheet] = Field(default_factory=list)
    returns: list[ReturnSheet] = Field(default_factory=list)
    exchanges: list[ExchangeSheet] = Field(default_factory=list)
    claims: list[ClaimSheet] = Field(default_factory=list)
    cancel: CancelSheet | None = None
    items_changed: bool = False


@cache
def read_orders() -> tuple[OrderSheet, ...]:
    """``orders.yaml``."""
    return read_sheet(FOLDER / "orders.yaml", tuple[OrderSheet, ...])
