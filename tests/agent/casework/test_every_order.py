"""Every state of the demo's orders, asked about in each language: a sound answer, and no defect behind it."""

from __future__ import annotations

import re

import pytest

from evals.world import World
from tools.shop.demo import demo_shop, demo_states

ASKS = {"es": "¿dónde está mi pedido {}?", "en": "where is my order {}?", "pt": "cadê meu pedido {}?"}
UGLY = re.compile(r"None|undefined|[{}]|  | [,.;:!?]|T\d\d:\d\d|\d{4}-\d\d-\d\d|\b[a-z]+_[a-z]+\b")


@pytest.mark.parametrize("language", ASKS)
async def test_every_order_has_an_answer(world: World, logged: list[str], language: str) -> None:
    owners = {order.number: order.customer_id for order in demo_shop(world.clock()).orders}
    wrong = []
    for state, numbers in demo_states().items():
        talk = await world.open(owners[numbers[0]], locale=language)
        answer = await talk.say(ASKS[language].format(numbers[0]))
        text = answer["reply"]["text"]
        if answer["handoff"] or numbers[0] not in text or UGLY.search(text) or answer["language"] != language:
            wrong.append((state, numbers[0], text))
    assert wrong == []
    assert [line for line in logged if '"warning"' in line or '"error"' in line] == [], "no reply had to be repaired"
