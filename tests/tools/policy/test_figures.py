"""Figures by name, and as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tools.policy.localised import localised_figures

ARTICLES = Path(__file__).parents[3] / "knowledge" / "articles"
PLACEHOLDER = re.compile(r"\{\{\s*([^}\s]+)\s*\}\}")


@pytest.mark.parametrize(
    ("name", "asked", "value"),
    [
        ("return_days", {}, 30),
        ("return_days", {"category": "electronics"}, 15),
        ("return_days", {"category": "footwear"}, 30),
        ("return_days", {"at": datetime(2025, 12, 1, tzinfo=UTC)}, 15),
        ("return_fee", {"country": "AR"}, Decimal("4500.00")),
        ("warranty_months", {"country": "ES"}, 36),
        ("warranty_months", {"country": "MX"}, 12),
        ("refund_days", {"method": "pix"}, 2),
        ("open_from", {}, "09:00"),
    ],
)
def test_a_figure_is_the_one_for_the_circumstances(world: Any, name: str, asked: dict[str, Any], value: object) -> None:
    assert world.demo.figure(name, **asked) == value


@pytest.mark.parametrize("asked", [("nothing", {}), ("return_fee", {}), ("return_fee", {"country": "FR"})])
def test_a_figure_that_is_not_there_is_an_error(world: Any, asked: tuple[str, dict[str, str]]) -> None:
    with pytest.raises(KeyError):
        world.demo.figure(asked[0], **asked[1])


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("es", "return_days", "30"),
        ("en", "return_days.category.electronics", "15"),
        ("es", "return_fee.country.MX", "$89.00 MXN"),
        ("es", "return_fee.country.AR", "$4.500 ARS"),
        ("es", "return_fee.country.CO", "$12.000 COP"),
        ("es", "return_fee.country.ES", "3,90 €"),
        ("es", "return_fee.country.US", "$5.95 USD"),
        ("en", "return_fee.country.AR", "$4,500 ARS"),
        ("en", "return_fee.country.ES", "€3.90"),
        ("en", "return_fee.country.BR", "R$19.90"),
        ("pt", "return_fee.country.BR", "R$ 19,90"),
        ("pt", "return_fee.country.MX", "$89,00 MXN"),
        ("pt", "refund_days.method.pix", "2"),
        ("es", "open_until", "7:00 p.m."),
        ("en", "open_until", "7:00 PM"),
        ("pt", "open_until", "19:00"),
    ],
)
def test_a_figure_reads_as_it_is_written_there(world: Any, language: str, name: str, text: str) -> None:
    assert localised_figures(world.demo, language)[name] == text


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_article_finds_its_figures(world: Any, language: str) -> None:
    known = localised_figures(world.demo, language)
    asked = {
        name for file in (ARTICLES / language).glob("*.md") for name in PLACEHOLDER.findall(file.read_text("utf-8"))
    }
    assert asked
    assert asked <= known.keys()
