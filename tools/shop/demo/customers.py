"""From ``customers.yaml`` and ``pickup_points.yaml`` to the people and places of the demo shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from tools.shop.demo.figures import DemoFigures
from tools.shop.demo.markets import ShopSheet
from tools.shop.demo.sheet import FOLDER, Amount, Sheet, read_sheet
from tools.shop.models import (
    Address,
    Customer,
    CustomerId,
    PaymentKind,
    PaymentMethod,
    PaymentMethodId,
    PickupPoint,
)
from tools.shop.money import Money


class AddressSheet(Sheet):
    """A postal address as the country writes it."""

    line1: str
    line2: str = ""
    city: str
    region: str
    postal_code: str
    country: str
    recipient: str = ""
    phone: str = ""

    def build(self) -> Address:
        """The address itself."""
        return Address(**self.model_dump())


class MethodSheet(Sheet):
    """A payment method on file; a gift card has a balance."""

    id: str
    kind: PaymentKind
    brand: str = ""
    last4: str = ""
    balance: Amount | None = None


class CustomerSheet(Sheet):
    """A shopper. ``route`` names the cities ("City, Region") that their parcels pass."""

    id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    language: str
    address: AddressSheet
    route: list[str]
    methods: list[MethodSheet]


class PickupPointSheet(Sheet):
    """A place where parcels wait."""

    id: str
    name: str
    hours: str
    address: AddressSheet


@cache
def read_customers() -> tuple[CustomerSheet, ...]:
    """``customers.yaml``."""
    return read_sheet(FOLDER / "customers.yaml", tuple[CustomerSheet, ...])


def make_customer(sheet: CustomerSheet, shop: ShopSheet) -> Customer:
    """The customer of a sheet; their parcels are addressed to themselves unless an order says otherwise."""
    currency = shop.markets[sheet.address.country].currency
    address = sheet.address.build()
    return Customer(
        id=CustomerId(sheet.id),
        first_name=sheet.first_name,
        last_name=sheet.last_name,
        email=sheet.email,
        phone=sheet.phone,
        language=sheet.language,
        address=replace(address, recipient=f"{sheet.first_name} {sheet.last_name}", phone=sheet.phone),
        payment_methods=tuple(_make_method(method, currency) for method in sheet.methods),
    )


def make_pickup_points(figures: Mapping[str, DemoFigures]) -> tuple[PickupPoint, ...]:
    """Every pickup point; how long it keeps a parcel is the country's policy figure."""
    return tuple(
        PickupPoint(
            id=sheet.id,
            name=sheet.name,
            address=sheet.address.build(),
            hours=sheet.hours,
            keeps_days=figures[sheet.address.country].count("pickup_keeps_days"),
        )
        for sheet in read_sheet(FOLDER / "pickup_points.yaml", list[PickupPointSheet])
    )


def _make_method(sheet: MethodSheet, currency: str) -> PaymentMethod:
    balance = None if sheet.balance is None else Money.of(sheet.balance, currency)
    return PaymentMethod(PaymentMethodId(sheet.id), sheet.kind, sheet.brand, sheet.last4, balance)
