"""Customers and the ways they pay."""

from __future__ import annotations

from dataclasses import replace

from tools.shop.csv_folder.cells import PAYMENT_KINDS
from tools.shop.csv_folder.form import CustomerCells, MethodCells, ShopCells
from tools.shop.csv_folder.sheet import Problems, Sheet
from tools.shop.matching import name_key
from tools.shop.models import Customer, CustomerId, PaymentKind, PaymentMethod, PaymentMethodId
from tools.shop.money import Money


def build_customers(sheet: Sheet[CustomerCells], shop: ShopCells) -> dict[str, Customer]:
    """Customers by id, without payment methods."""
    return {
        row.id: Customer(
            id=CustomerId(row.id),
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            phone=row.phone,
            language=row.language or shop.language,
            address=row.address(shop.country, row.phone),
        )
        for row in sheet.rows.values()
    }


def add_methods(
    customers: dict[str, Customer],
    known: frozenset[str],
    sheet: Sheet[MethodCells],
    shop: ShopCells,
    problems: Problems,
) -> None:
    """Put each payment method on its customer's file; ``known`` are the customers' ids, those of bad rows too."""
    for line, row in sheet.rows.items():
        customer = customers.get(row.customer_id)
        if customer is None:
            if row.customer_id not in known:
                problems.add(sheet.file, line, "customer_id", f"there is no customer '{row.customer_id}'")
            continue
        if customer.method(row.id):
            problems.add(sheet.file, line, "id", f"customer '{row.customer_id}' has a method '{row.id}' already")
            continue
        currency = row.currency or shop.currency
        is_gift_card = row.kind is PaymentKind.GIFT_CARD
        balance = Money.of(row.balance or 0, currency) if is_gift_card else None
        method = PaymentMethod(PaymentMethodId(row.id), row.kind, row.brand, row.last4, balance)
        _add(customers, customer, method)


def find_method(customers: dict[str, Customer], customer: Customer, word: str) -> PaymentMethod | None:
    """The method an order was ``paid_with``: its id, or its kind.

    A kind the customer has no method of is put on file under the name ``<customer>-<kind>``. None when the word is
    neither, or when it is a gift card that is not on file, whose balance nobody could know.
    """
    found = customer.method(word)
    if found:
        return found
    return _find_kind(customers, customer, PAYMENT_KINDS.get(name_key(word)))


def _find_kind(customers: dict[str, Customer], customer: Customer, kind: PaymentKind | None) -> PaymentMethod | None:
    if kind is None:
        return None
    found = next((method for method in customer.payment_methods if method.kind is kind), None)
    if found or kind is PaymentKind.GIFT_CARD:
        return found
    method = PaymentMethod(PaymentMethodId(f"{customer.id}-{kind.value}"), kind)
    _add(customers, customer, method)
    return method


def _add(customers: dict[str, Customer], customer: Customer, method: PaymentMethod) -> None:
    customers[customer.id] = replace(customer, payment_methods=(*customer.payment_methods, method))
