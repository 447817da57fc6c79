"""The files of the folder and their columns. A field without a default is a cell that must be filled."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tools.shop.csv_folder.cells import (
    Amount,
    Contents,
    Deadline,
    Flag,
    Moment,
    Pairs,
    ParcelWord,
    PaymentWord,
    StatusWord,
)
from tools.shop.models import Address


def _require_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"'{name}' is not a time zone such as Europe/Madrid") from error
    return name


def _require_email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise ValueError(f"'{text}' is not an e-mail address")
    return text


EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
Zone = Annotated[str, AfterValidator(_require_zone)]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
MOST_UNITS = 10**9
MOST_MONEY = 10**12
Price = Annotated[Amount, Field(ge=0, le=MOST_MONEY)]
Count = Annotated[int, Field(ge=0, le=MOST_UNITS)]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS)]
Language = Literal["es", "en", "pt"]
Email = Annotated[str, AfterValidator(_require_email)]


class Cells(BaseModel):
    """One row of a file; empty cells are absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Cells):
    """The columns of an address; ``country`` is the shop's where it is empty."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: Country | None = None
    recipient: str = ""

    def address(self, country: str, phone: str = "") -> Address:
        """As an address."""
        return Address(
            line1=self.line1,
            line2=self.line2,
            city=self.city,
            region=self.region,
            postal_code=self.postal_code,
            country=self.country or country,
            recipient=self.recipient,
            phone=phone,
        )


class ShopCells(Cells):
    """``shop.csv``: one row. ``dates``: whether 03/04 is the 3rd of April (dmy) or the 4th of March (mdy)."""

    name: str
    currency: Currency
    country: Country
    zone: Zone
    language: Language = "es"
    dates: Literal["dmy", "mdy"] = "dmy"


class CustomerCells(Place):
    """``customers.csv``."""

    id: str
    first_name: str
    last_name: str = ""
    email: Email = ""
    phone: str = ""
    language: Language | None = None


class MethodCells(Cells):
    """``payment_methods.csv``."""

    customer_id: str
    id: str
    kind: PaymentWord
    brand: str = ""
    last4: str = ""
    balance: Price | None = None
    currency: Currency | None = None


class ProductCells(Cells):
    """``products.csv``."""

    id: str
    title: str
    category: str = ""
    final_sale: Flag = False
    hygiene: Flag = False
    title_es: str = ""
    title_en: str = ""
    title_pt: str = ""


class VariantCells(Cells):
    """``variants.csv``."""

    id: str
    product_id: str
    price: Price
    stock: Count = 0
    options: Pairs = {}
    currency: Currency | None = None


class OrderCells(Place):
    """``orders.csv``."""

    number: str
    customer_id: str
    status: StatusWord
    placed_at: Moment | None = None
    currency: Currency | None = None
    shipping_cost: Price = Decimal(0)
    discount: Price = Decimal(0)
    total: Price | None = None
    paid_with: str = ""
    phone: str = ""
    service: str = "standard"
    instructions: str = ""
    cancel_reason: str = ""
    invoice_url: str = ""
    gift_note: str = ""


class LineCells(Cells):
    """``order_lines.csv``."""

    order_number: str
    variant_id: str
    quantity: Units = 1
    id: str | None = None
    unit_price: Price | None = None
    title: str = ""
    cancelled: Count = 0


class ShipmentCells(Cells):
    """``shipments.csv``."""

    id: str
    order_number: str
    status: ParcelWord
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    contents: Contents | None = None
    shipped_at: Moment | None = None
    eta: Deadline | None = None
    promised_by: Deadline | None = None
    delivered_at: Moment | None = None
    pickup_point_id: str | None = None
    pickup_until: Deadline | None = None
    attempts: Count = 0


class EventCells(Cells):
    """``tracking_events.csv``."""

    shipment_id: str
    at: Moment
    status: ParcelWord
    detail: str = ""
    message: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


class PointCells(Place):
    """``pickup_points.csv``."""

    id: str
    name: str
    hours: str = ""
    keeps_days: Count = 0


class WindowCells(Cells):
    """``slots.csv``: one delivery window of a country a row; the fee of its first row counts for the country."""

    start: time
    end: time
    fee: Price = Decimal(0)
    country: Country | None = None
    zone: Zone | None = None
    currency: Currency | None = None
