"""What must go goes, in every form; what only looks like it stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.checks import is_card
from agent.understanding.redaction import CARD, ID, PASSWORD, redact
from tools.shop.demo import demo_shop

CARDS = (
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "378282246310005",
    "6011111111111117",
    "4242424242424242",
    "3530111333300000",
    "6362970000457013",
)
IDS = (
    "GODE561231HDFRRN09", "GODE561231GR8", "12345678Z", "X1234567L", "529.982.247-25", "11.222.333/0001-81", "20-12345678-6",
    "12.345.678-5", "123-45-6789",
)  # fmt: skip
CUED = (
    "mi DNI es 30.123.456", "cédula: 1.020.304.050", "my ssn is 123456789", "meu CPF é 52998224725", "mi pasaporte es XDB123456",
    "RG 12.345.678-9", "mi cuit 20123456786", "NIT 900123456-8",
)  # fmt: skip
PASSWORDS = (
    "mi contraseña es Perro123!", "password: hunter2", "my password is correcthorse", "a senha é gato2024", "clave: 9981abc",
    'mi clave es "luna llena"', "la contraseña = Sol#1",
)  # fmt: skip
STAYS = (
    "mi pedido es el 10002", "order #W1234567", "pedido 4111111111111111", "mi teléfono es 55 4812 0937", "+34 612 345 678",
    "(11) 98452-3071", "11984523071", "+1 (312) 555-0165", "CP 06700", "CEP 01310-100", "ZIP 60657-1234", "28013", "CLB047507377MX",
    "1Z999AA10123456784", "JD014600003456789012", "RMA R-7H2KQ9TX", "mi código es 123456", "the code is 482913", "talla 42, 2 piezas",
    "llega el 2026-11-24", "pagué $1,499.00", "olvidé mi contraseña", "mi contraseña es incorrecta", "my password is not working",
    "my password is wrong", "minha senha é inválida", "el horario es de 9:00 a 18:00", "tarjeta terminada en 4417", "calle 123 #45-67",
    "desde el 10/11/2026", "la clave de rastreo es CLB047507377MX", "NIKE 123456 XL", "DNI",
)  # fmt: skip


@pytest.mark.parametrize("number", CARDS)
@pytest.mark.parametrize("frame", ["{}", "mi tarjeta es {}, ok?", "card {} exp 12/28", "o cartão {}."])
def test_cards_go(frame: str, number: str) -> None:
    assert redact(frame.format(number)) == frame.format(CARD)


def test_a_card_s_security_code_goes_with_it() -> None:
    assert redact("4242 4242 4242 4242 12/28 cvv 123") == f"{CARD} 12/28 cvv {CARD}"
    assert redact("4242424242424242 12 28 CVC: 1234") == f"{CARD} 12 28 CVC: {CARD}"


@pytest.mark.parametrize("number", IDS)
@pytest.mark.parametrize("frame", ["{}", "soy {} y quiero factura", "meu documento: {}."])
def test_government_ids_go(frame: str, number: str) -> None:
    assert redact(frame.format(number)) == frame.format(ID)


@pytest.mark.parametrize("text", CUED)
def test_ids_that_are_named_go_without_a_check(text: str) -> None:
    told = redact(text)
    assert ID in told
    assert not re.search(r"\d{5}", told)


@pytest.mark.parametrize("text", PASSWORDS)
def test_passwords_go(text: str) -> None:
    secret = re.split(r"[:=]| es | is | é ", text)[-1].strip(' "')
    assert PASSWORD in redact(text)
    assert secret not in redact(text)


@pytest.mark.parametrize("text", STAYS)
def test_what_the_shop_needs_stays(text: str) -> None:
    assert redact(text) == text


def test_nothing_of_the_shop_s_own_data_is_taken_for_it() -> None:
    data = demo_shop(datetime(2026, 11, 20, 15, tzinfo=UTC))
    words = [
        word for one in data.customers for word in (one.phone, one.email, one.address.postal_code, one.address.line1)
    ]
    words += [
        word for one in data.orders for word in (one.number, *(parcel.tracking_number for parcel in one.shipments))
    ]
    words += [one.rma for order in data.orders for one in (*order.returns, *order.exchanges)]
    frames = ("{}", "es {}", "mi pedido {}", "my phone is {}", "meu CEP é {}, ok")
    lost = [
        frame.format(word)
        for word in words
        if word
        for frame in frames
        if redact(frame.format(word)) != frame.format(word)
    ]
    assert lost == []
    assert len(words) > 300


@given(st.text(max_size=200))
def test_it_never_fails_and_never_adds_twice(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.integers(10**13, 10**14 - 1))
def test_every_visa_number_goes(body: int) -> None:
    number = next(f"4{body}{last}" for last in range(10) if is_card(f"4{body}{last}"))
    assert number not in redact(f"tarjeta {number} gracias")


@pytest.mark.parametrize("text", ["4" * 20_000, "1." * 10_000, "a1-" * 10_000, "contraseña es " * 2_000, "A" * 20_000])
def test_no_text_keeps_it_busy(text: str) -> None:
    redact(text)
