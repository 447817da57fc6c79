"""From a shop to the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from tools.shop.booking.units import count_live
from tools.shop.data import ShopData
from tools.shop.models import (
    Address,
    Customer,
    Exchange,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    Product,
    Return,
    ReturnStatus,
)
from tools.shop.money import Money
from tools.shop.tau2.form import AVAILABLE_STOCK, COUNTRIES, EXCHANGING, MODIFIED, RETURNING

Json = dict[str, Any]
Opened = TypeVar("Opened", Return, Exchange)
NAMES = {code: name for name, code in COUNTRIES.items()}
SOURCES = {PaymentKind.CARD: "credit_card", PaymentKind.PAYPAL: "paypal", PaymentKind.GIFT_CARD: "gift_card"}
STATUSES = {
    OrderStatus.UNPAID: "pending",
    OrderStatus.PROCESSING: "pending",
    OrderStatus.PACKED: "processed",
    OrderStatus.SHIPPED: "processed",
    OrderStatus.DELIVERED: "delivered",
    OrderStatus.CANCELLED: "cancelled",
}


def export_tau2(data: ShopData) -> Json:
    """``{"products": ..., "users": ..., "orders": ...}``, keyed by id, amounts as floats of whole cents.

    A variant is available as it was when imported: writes move its stock by a few units, never by hundreds.
    """
    listed: dict[str, list[str]] = {}
    for order in data.orders:
        listed.setdefault(order.customer_id, []).append(order.number)
    return {
        "products": {product.id: _write_product(product) for product in data.products},
        "users": {customer.id: _write_customer(customer, listed.get(customer.id, [])) for customer in data.customers},
        "orders": {order.number: _write_order(order) for order in data.orders},
    }


def write_tau2(data: ShopData, path: Path) -> None:
    """Write the file."""
    path.write_text(json.dumps(export_tau2(data), indent=2, ensure_ascii=False), encoding="utf-8")


def _write_product(product: Product) -> Json:
    variants = {
        variant.id: {
            "item_id": variant.id,
            "options": dict(variant.options),
            "available": variant.stock >= AVAILABLE_STOCK // 2,
            "price": _number(variant.price),
        }
        for variant in product.variants
    }
    return {"name": product.title, "product_id": product.id, "variants": variants}


def _write_customer(customer: Customer, numbers: list[str]) -> Json:
    return {
        "user_id": customer.id,
        "name": {"first_name": customer.first_name, "last_name": customer.last_name},
        "address": _write_address(customer.address),
        "email": customer.email,
        "payment_methods": {method.id: _write_method(method) for method in customer.payment_methods},
        "orders": numbers,
    }


def _write_method(method: PaymentMethod) -> Json:
    row: Json = {"source": SOURCES.get(method.kind, method.kind.value), "id": method.id}
    if method.kind is PaymentKind.CARD:
        row |= {"brand": method.brand, "last_four": method.last4}
    if method.balance is not None:
        row["balance"] = _number(method.balance)
    return row


def _write_address(address: Address) -> Json:
    return {
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "country": NAMES.get(address.country, address.country),
        "state": address.region,
        "zip": address.postal_code,
    }


def _write_order(order: Order) -> Json:
    row: Json = {
        "order_id": order.number,
        "user_id": order.customer_id,
        "address": _write_address(order.address),
        "items": [_write_item(line) for line in _list_units(order)],
        "status": STATUSES[order.status],
        "fulfillments": [
            {
                "tracking_id": parcel.tracking_number.split(),
                "item_ids": [v for line_id, n in parcel.contents.items() for v in [_variant_of(order, line_id)] * n],
            }
            for parcel in order.shipments
        ],
        "payment_history": [
            {"transaction_type": p.kind, "amount": _number(p.amount), "payment_method_id": p.method_id}
            for p in order.payments
        ],
    }
    if order.items_changed and row["status"] == "pending":
        row["status"] = MODIFIED
    if order.cancel_reason and order.status is OrderStatus.CANCELLED:
        row["cancel_reason"] = order.cancel_reason
    return row | _write_exchanges(order) | _write_returns(order)


def _list_units(order: Order) -> Iterator[OrderLine]:
    for line in order.lines:
        units = line.quantity if order.status is OrderStatus.CANCELLED else count_live(line)
        yield from [line] * units


def _write_item(line: OrderLine) -> Json:
    return {
        "name": line.title,
        "product_id": line.product_id,
        "item_id": line.variant_id,
        "price": _number(line.unit_price),
        "options": dict(line.options),
    }


def _write_returns(order: Order) -> Json:
    opened = list(_list_open(order.returns))
    if not opened:
        return {}
    units = [v for back in opened for part in back.lines for v in [_variant_of(order, part.line_id)] * part.quantity]
    return {
        "status": RETURNING,
        "return_items": sorted(units),
        "return_payment_method_id": opened[-1].refund_method_id,
    }


def _write_exchanges(order: Order) -> Json:
    opened = list(_list_open(order.exchanges))
    if not opened:
        return {}
    swaps = [swap for exchange in opened for swap in exchange.swaps for _ in range(swap.quantity)]
    difference = sum((exchange.difference for exchange in opened), start=Money.zero(order.currency))
    return {
        "status": EXCHANGING,
        "exchange_items": sorted(_variant_of(order, swap.line_id) for swap in swaps),
        "exchange_new_items": sorted(swap.new_variant_id for swap in swaps),
        "exchange_payment_method_id": opened[-1].method_id,
        "exchange_price_difference": _number(difference),
    }


def _list_open(requests: Iterable[Opened]) -> Iterator[Opened]:
    return (request for request in requests if request.status is not ReturnStatus.CANCELLED)


def _variant_of(order: Order, line_id: str) -> str:
    line = order.line(line_id)
    return line.variant_id if line else ""


def _number(money: Money) -> float:
    return float(money.amount)
