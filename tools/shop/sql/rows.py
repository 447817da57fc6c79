"""Rows of the tables from the shop's values, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from tools.shop.matching import email_key, name_key, number_key, phone_key, postal_key
from tools.shop.models import (
    Customer,
    CustomerId,
    Order,
    PaymentKind,
    PaymentMethod,
    PaymentMethodId,
    Product,
    Variant,
)
from tools.shop.money import ZERO_DECIMAL, Money
from tools.shop.wire import CUSTOMER, ORDER, PRODUCT, VARIANT

Values = dict[str, Any]
AnyRow = Row[*tuple[Any, ...]]


def to_minor(money: Money) -> int:
    """Minor units (cents); ``ValueError`` when the amount is not a whole number of them."""
    scaled = money.amount if money.currency in ZERO_DECIMAL else money.amount * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{money.amount} is no amount of {money.currency}")
    return int(scaled)


def from_minor(units: int, currency: str) -> Money:
    """Money from minor units."""
    return Money.of(Decimal(units) if currency in ZERO_DECIMAL else Decimal(units) / 100, currency)


def to_instant(at: datetime) -> str:
    """A text that sorts as time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def customer_values(customer: Customer, position: int) -> Values:
    """A customer without the payment methods, which have rows of their own."""
    return {
        "id": customer.id,
        "position": position,
        "email_key": email_key(customer.email),
        "phone_key": phone_key(customer.phone),
        "first_key": name_key(customer.first_name),
        "last_key": name_key(customer.last_name),
    } | customer_state(customer)


def customer_state(customer: Customer) -> Values:
    """The columns that a change of the profile writes."""
    return {
        "postal_key": postal_key(customer.address.postal_code),
        "version": customer.version,
        "document": CUSTOMER.text(replace(customer, payment_methods=())),
    }


def method_values(customer_id: CustomerId, method: PaymentMethod, position: int) -> Values:
    """A payment method."""
    return {
        "customer_id": customer_id,
        "id": method.id,
        "position": position,
        "kind": method.kind.value,
        "brand": method.brand,
        "last4": method.last4,
        "balance": None if method.balance is None else to_minor(method.balance),
        "currency": None if method.balance is None else method.balance.currency,
    }


def product_values(product: Product, position: int) -> Values:
    """A product without its variants."""
    return {"id": product.id, "position": position, "document": PRODUCT.text(replace(product, variants=()))}


def variant_values(variant: Variant, position: int) -> Values:
    """A variant; its stock is the column."""
    return {
        "id": variant.id,
        "product_id": variant.product_id,
        "position": position,
        "stock": variant.stock,
        "document": VARIANT.text(variant),
    }


def order_values(order: Order, position: int) -> Values:
    """An order."""
    return {
        "number_key": number_key(order.number),
        "customer_id": order.customer_id,
        "position": position,
        "placed_at": None if order.placed_at is None else to_instant(order.placed_at),
    } | order_state(order)


def order_state(order: Order) -> Values:
    """The columns that a change of the order writes."""
    return {
        "status": order.status.value,
        "postal_key": postal_key(order.address.postal_code),
        "phone_key": phone_key(order.address.phone),
        "version": order.version,
        "document": ORDER.text(order),
    }


def to_customer(document: str, methods: Iterable[AnyRow]) -> Customer:
    """A customer from the document and the rows of the payment methods, in order."""
    return replace(CUSTOMER.read(document), payment_methods=tuple(_to_method(row) for row in methods))


def to_product(document: str, variants: Iterable[AnyRow]) -> Product:
    """A product from its document and the rows of its variants, in order."""
    return replace(PRODUCT.read(document), variants=tuple(to_variant(row) for row in variants))


def to_variant(row: AnyRow) -> Variant:
    """A variant with the stock there is now."""
    return replace(VARIANT.read(row.document), stock=row.stock)


def to_orders(documents: Sequence[str]) -> tuple[Order, ...]:
    """Orders from their documents."""
    return tuple(ORDER.read(document) for document in documents)


def _to_method(row: AnyRow) -> PaymentMethod:
    balance = None if row.balance is None else from_minor(row.balance, row.currency)
    return PaymentMethod(PaymentMethodId(row.id), PaymentKind(row.kind), row.brand, row.last4, balance)
