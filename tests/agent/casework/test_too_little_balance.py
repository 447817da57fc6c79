"""Where a gift card cannot pay for what is wanted, the shopper is told what can, in their language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tools.shop.models import Product, ProductId
from tools.shop.money import Money
from tools.shop.snapshot import Snapshot

SWAPS = {
    "es": ("quiero cambiar los tenis brisa por talla 8 y pagar con la tarjeta de regalo", "no alcanza", "con la visa"),
    "en": ("I want to exchange the brisa shoes for size 8", "isn't enough", "the visa"),
    "pt": ("quero trocar os tenis brisa pelo tamanho 8 e pagar com o vale-presente", "não é suficiente", "com o visa"),
}
PAYMENTS = {
    "es": ("quiero pagar el pedido 10023 con la tarjeta de regalo", "no alcanza"),
    "en": ("I want to pay order 10023 with my gift card", "is not enough"),
    "pt": ("quero pagar o pedido 10023 com o vale-presente", "não é suficiente"),
}


class DearSizes(Snapshot):
    """The demo shop, had every size 8 a price 1,000 pesos higher: more than Lucía's gift card holds."""

    async def product(self, product_id: ProductId) -> Product | None:
        found = await super().product(product_id)
        if found is None:
            return None
        more = Money.of("1000", found.variants[0].price.currency)
        variants = tuple(
            replace(one, price=one.price + more) if one.options.get("size") == "8" else one for one in found.variants
        )
        return replace(found, variants=variants)


@pytest.mark.parametrize("language", SWAPS)
async def test_an_exchange_offers_the_methods_that_can_pay_and_goes_on_with_the_one_named(
    make_world: Any, language: str
) -> None:
    world = await make_world(around=DearSizes)
    talk = await world.open("lucia-hernandez", locale=language)
    wish, too_little, visa = SWAPS[language]
    answer = await talk.say(wish)
    if answer["actions"]:  # proposed on the card it was paid with: the wish is made in two messages
        answer = await talk.say("with my gift card")
    assert too_little in answer["reply"]["text"]
    assert "4417" in answer["reply"]["text"]
    assert (answer["asks"], answer["actions"]) == (["payment_method"], [])
    answer = await talk.say(visa)
    action = answer["actions"][-1]
    assert (action["kind"], action["status"]) == ("exchange_items", "proposed")
    assert action["cost"] == {"amount": "1000.00", "currency": "MXN"}


@pytest.mark.parametrize("language", PAYMENTS)
async def test_where_no_other_method_could_pay_only_the_reason_is_said(make_world: Any, language: str) -> None:
    world = await make_world()
    talk = await world.open("regina-solis", locale=language)
    wish, too_little = PAYMENTS[language]
    text = (await talk.say(wish))["reply"]["text"]
    assert too_little in text
