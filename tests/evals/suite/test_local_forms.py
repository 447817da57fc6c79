"""Amounts and dates are found as people write them, and never inside other numbers."""

from __future__ import annotations

from datetime import date

import pytest

from evals.suite.graders.local_forms import says_date, says_money
from evals.suite.languages import language_of

DAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("text", "wanted", "there"),
    [
        ("son $1,299.00 MXN", "1299.00 MXN", True),
        ("cuesta 1.299,00 pesos", "1299.00 MXN", True),
        ("te devuelvo $1,299", "1299.00 MXN", True),
        ("son 49,90 €", "49.90 EUR", True),
        ("it is £49.90.", "49.90 GBP", True),
        ("R$ 1.299,5 no total", "1299.50 BRL", True),
        ("son $11,299.00", "1299.00 MXN", False),
        ("son $1,299.001", "1299.00 MXN", False),
        ("son $21299", "1299.00 MXN", False),
        ("el pedido 1299 llega", "1299.00 MXN", False),
        ("son $1,299.50", "1299.00 MXN", False),
        ("son 49,90 €", "9.90 EUR", False),
    ],
)
def test_amounts(text: str, wanted: str, there: bool) -> None:
    assert says_money(text, wanted) is there


@pytest.mark.parametrize(
    ("text", "language", "there"),
    [
        ("llega el miércoles 4 de noviembre", "es", True),
        ("llega el 4 de noviembre de 2026", "es", True),
        ("llega el 04/11/2026", "es", True),
        ("by November 4th, 2026", "en", True),
        ("by 4 Nov", "en", True),
        ("by 11/4/2026", "en", True),
        ("chega em 4 de novembro", "pt", True),
        ("el 2026-11-04", "es", True),
        ("llega el 14 de noviembre", "es", False),
        ("llega el 4 de noviembre de 2025", "es", False),
        ("llega el 24/11", "es", False),
        ("by November 40", "en", False),
        ("by 4/11/2026", "en", False),
    ],
)
def test_dates(text: str, language: str, there: bool) -> None:
    assert says_date(text, DAY, language) is there


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("El pedido ya va en camino y llega el martes.", "es"),
        ("Your order is on its way and arrives on Tuesday.", "en"),
        ("O pedido já está a caminho e chega na terça.", "pt"),
        ("10002", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert language_of(text) == language
