"""The rows of the format, as they stand in the file."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

CURRENCY = "USD"
AVAILABLE_STOCK = 1000
COUNTRIES = {"USA": "US"}
MODIFIED = "pending (item modified)"
RETURNING = "return requested"
EXCHANGING = "exchange requested"

Amount = Annotated[Decimal, BeforeValidator(lambda value: str(value) if isinstance(value, float) else value)]
Status = Literal[
    "pending",
    "pending (item modified)",
    "processed",
    "delivered",
    "return requested",
    "exchange requested",
    "cancelled",
]


class Row(BaseModel):
    """A row: unknown keys are refused, so that nothing is lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AddressRow(Row):
    """A postal address."""

    address1: str
    address2: str
    city: str
    country: str
    state: str
    zip: str


class NameRow(Row):
    """A person's name."""

    first_name: str
    last_name: str


class MethodRow(Row):
    """A payment method; ``brand`` and ``last_four`` on cards, ``balance`` on gift cards."""

    source: Literal["credit_card", "paypal", "gift_card"]
    id: str
    brand: str | None = None
    last_four: str | None = None
    balance: Amount | None = None


class UserRow(Row):
    """A customer; ``orders`` are order ids, oldest first."""

    user_id: str
    name: NameRow
    address: AddressRow
    email: str
    payment_methods: dict[str, MethodRow]
    orders: tuple[str, ...]


class VariantRow(Row):
    """A variant."""

    item_id: str
    options: dict[str, str]
    available: bool
    price: Amount = Field(ge=0)


class ProductRow(Row):
    """A product; ``variants`` by item id."""

    name: str
    product_id: str
    variants: dict[str, VariantRow]


class ItemRow(Row):
    """One unit in an order."""

    name: str
    product_id: str
    item_id: str
    price: Amount = Field(ge=0)
    options: dict[str, str]


class FulfillmentRow(Row):
    """A parcel."""

    tracking_id: tuple[str, ...]
    item_ids: tuple[str, ...]


class PaymentRow(Row):
    """Money that moved."""

    transaction_type: Literal["payment", "refund"]
    amount: Amount
    payment_method_id: str


class OrderRow(Row):
    """An order; the last keys are there once it was cancelled, or something of it goes back."""

    order_id: str
    user_id: str
    address: AddressRow
    items: tuple[ItemRow, ...]
    status: Status
    fulfillments: tuple[FulfillmentRow, ...]
    payment_history: tuple[PaymentRow, ...]
    cancel_reason: str | None = None
    return_items: tuple[str, ...] | None = None
    return_payment_method_id: str | None = None
    exchange_items: tuple[str, ...] | None = None
    exchange_new_items: tuple[str, ...] | None = None
    exchange_payment_method_id: str | None = None
    exchange_price_difference: Amount | None = None


class Database(Row):
    """The file."""

    products: dict[str, ProductRow]
    users: dict[str, UserRow]
    orders: dict[str, OrderRow]
