"""What a call costs, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from agent.errors import Misconfigured
from agent.loop.brief import Usage
from agent.loop.prices import Price, PriceList

ONE = PriceList("USD", {"gpt-4.1-mini": Price(input=Decimal("0.40"), cached=Decimal("0.10"), output=Decimal("1.60"))})


def test_cached_tokens_have_their_own_price() -> None:
    cost = ONE.cost(Usage("openai:gpt-4.1-mini", 10_000, 200, cached_tokens=8_000))
    assert cost == Decimal("0.00192"), "2,000 x 0.40 + 8,000 x 0.10 + 200 x 1.60, a million each"


@pytest.mark.parametrize(
    "model", ["gpt-4.1-mini", "azure:gpt-4.1-mini", "openrouter:openai/gpt-4.1-mini", "openai:gpt-4.1-mini-2025-04-14"]
)
def test_a_model_is_known_by_its_own_name(model: str) -> None:
    assert ONE.price_of(model) == ONE.models["gpt-4.1-mini"]


def test_the_prices_that_ship_say_that_nobody_has_checked_them() -> None:
    shipped = PriceList.load()
    assert shipped.as_of is not None
    assert "to be checked" in shipped.source


def test_what_has_no_price_has_no_cost() -> None:
    assert PriceList.load().cost(Usage("ollama:llama3", 10, 10)) is None


def test_a_shop_s_own_file_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text('currency: EUR\nmodels:\n  llama3: {input: "0", output: "0.1"}\n', encoding="utf-8")
    prices = PriceList.load(path)
    assert (prices.currency, prices.cost(Usage("ollama:llama3", 5, 10))) == ("EUR", Decimal("0.000001"))
    assert prices.cost(Usage("openai:gpt-4.1-mini", 1, 1)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("currency: EUR\n", "models"),
        ("models: {a: {input: -1, output: 1}}\ncurrency: EUR", "input"),
        ("a: [", "prices"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=says):
        PriceList.load(path)
