"""Customers look like people of their countries, and none of them could be a real one's mailbox."""

from __future__ import annotations

import re

import phonenumbers
import pytest

from tools.shop.data import ShopData
from tools.shop.demo import orders_in_state
from tools.shop.models import Customer, PaymentKind

CURRENCIES = {"MX": "MXN", "AR": "ARS", "CO": "COP", "ES": "EUR", "BR": "BRL", "US": "USD"}
POSTAL_CODES = {
    "MX": r"\d{5}",
    "AR": r"[A-Z]\d{4}[A-Z]{3}",
    "CO": r"\d{6}",
    "ES": r"\d{5}",
    "BR": r"\d{5}-\d{3}",
    "US": r"\d{5}",
}
ANCHORS = (
    ("Lucía Hernández", "MX", "es", {"10001": "delivered_5_days_ago", "10002": "in_transit"}),
    ("Emma Clark", "US", "en", {"10003": "late"}),
    ("João Pereira", "BR", "pt", {"10004": "waiting_at_pickup"}),
    ("Martín Suárez", "AR", "es", {"10005": "delivered_31_days_ago"}),
    ("Carmen Ruiz Molina", "ES", "es", {"10006": "split"}),
)


def _country(customer: Customer) -> str:
    return customer.address.country


def test_there_are_enough_of_them_in_every_country_and_language(shop: ShopData) -> None:
    assert len(shop.customers) >= 25
    assert len(shop.orders) >= 60
    assert {_country(customer) for customer in shop.customers} == set(CURRENCIES)
    spoken = {(_country(customer), customer.language) for customer in shop.customers}
    assert spoken == {("MX", "es"), ("AR", "es"), ("CO", "es"), ("ES", "es"), ("BR", "pt"), ("US", "en"), ("US", "es")}


def test_every_customer_has_orders_and_some_have_several(shop: ShopData) -> None:
    bought = [order.customer_id for order in shop.orders]
    assert {customer.id for customer in shop.customers} == set(bought)
    assert max(map(bought.count, bought)) >= 4


def test_orders_are_in_the_currency_of_their_country(shop: ShopData) -> None:
    for order in shop.orders:
        assert order.currency == CURRENCIES[order.country], order.number
        assert order.total.currency == order.currency


def test_addresses_have_the_postal_code_form_of_their_country(shop: ShopData) -> None:
    addresses = [customer.address for customer in shop.customers]
    addresses += [order.address for order in shop.orders] + [point.address for point in shop.pickup_points]
    for address in addresses:
        assert re.fullmatch(POSTAL_CODES[address.country], address.postal_code), address


@pytest.mark.parametrize(
    ("country", "form"),
    [
        ("MX", r"Col\. |Zona "),
        ("AR", r"Piso \d|Depto\. "),
        ("CO", r"(Carrera|Calle|Circular) \d+.* # \d+"),
        ("ES", r"portal \d|\d\.º"),
        ("BR", r"^(Rua|Avenida) .*, \d+"),
        ("US", r"^\d+ .*(Ave|St)\b"),
    ],
)
def test_addresses_are_written_as_people_there_write_them(shop: ShopData, country: str, form: str) -> None:
    written = [f"{c.address.line1} {c.address.line2}" for c in shop.customers if _country(c) == country]
    assert sum(bool(re.search(form, text)) for text in written) >= len(written) - 1


def test_phones_are_dialable_in_their_country(shop: ShopData) -> None:
    for customer in shop.customers:
        number = phonenumbers.parse(customer.phone, _country(customer))
        assert phonenumbers.is_valid_number_for_region(number, _country(customer)), customer.phone


def test_mail_goes_to_example_domains_only(shop: ShopData) -> None:
    addresses = [customer.email for customer in shop.customers]
    assert all(re.fullmatch(r"[a-z.]+@example\.(com|org|net|mx|es|com\.(mx|ar|co|br))", email) for email in addresses)
    assert len(set(addresses)) == len(addresses)


def test_phones_and_method_ids_belong_to_one_customer_each(shop: ShopData) -> None:
    phones = [customer.phone for customer in shop.customers]
    methods = [method.id for customer in shop.customers for method in customer.payment_methods]
    assert len(set(phones)) == len(phones)
    assert len(set(methods)) == len(methods)


def test_gift_cards_and_only_they_have_a_balance_in_local_money(shop: ShopData) -> None:
    cards = set()
    for customer in shop.customers:
        for method in customer.payment_methods:
            assert (method.balance is not None) == (method.kind is PaymentKind.GIFT_CARD)
            if method.balance is not None:
                assert method.balance.currency == CURRENCIES[_country(customer)]
                cards.add(_country(customer))
    assert len(cards) >= 4


@pytest.mark.parametrize(("name", "country", "language", "orders"), ANCHORS)
def test_the_people_of_the_demo_page_are_who_it_says(
    shop: ShopData, name: str, country: str, language: str, orders: dict[str, str]
) -> None:
    (customer,) = [customer for customer in shop.customers if customer.name == name]
    assert (_country(customer), customer.language) == (country, language)
    own = {order.number for order in shop.orders if order.customer_id == customer.id}
    assert set(orders) <= own
    assert all(number in orders_in_state(state) for number, state in orders.items())
