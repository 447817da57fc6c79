"""A shop that cannot do something says so, and one that is away says that, in the shopper's language."""

from __future__ import annotations

from typing import Any

import pytest

from tools.shop.changes import ChangeKind
from tools.shop.faults import Fault, FaultyShop
from tools.shop.port import Shop
from tools.shop.snapshot import Snapshot

SLOT = {
    "es": (
        "quiero cambiar el horario de entrega del pedido 10002",
        "no permite cambiar el día u hora",
        "ya no se puede",
    ),
    "en": ("I want to change the delivery slot of order 10002", "doesn't let me change the delivery day", "no longer"),
    "pt": ("quero mudar o horário de entrega do pedido 10002", "não permite mudar o dia ou horário", "não dá mais"),
}
PICKUP = {
    "es": ("quiero recogerlo en un punto de retiro", "no permite mandarlo a un punto de retiro"),
    "en": ("can I pick it up at a pickup point?", "doesn't let me send it to a pickup point"),
    "pt": ("quero retirar num ponto de retirada", "não permite mandar para um ponto de retirada"),
}
AWAY = {
    "es": ("¿dónde está mi pedido 10002?", "no me responde"),
    "en": ("where is my order 10002?", "isn't answering"),
    "pt": ("onde está o meu pedido 10002?", "não está respondendo"),
}


class WithoutSlots(Snapshot):
    """The demo shop, had it neither delivery windows nor pickup points to choose."""

    @property
    def capabilities(self) -> frozenset[ChangeKind]:
        return super().capabilities - {ChangeKind.SLOT, ChangeKind.PICKUP}


def silent(shop: Shop) -> Shop:
    return FaultyShop(shop, [Fault("orders_of"), Fault("order_of")])


@pytest.mark.parametrize("language", SLOT)
async def test_a_shop_that_cannot_change_a_slot_says_so_and_what_it_can(make_world: Any, language: str) -> None:
    world = await make_world(around=WithoutSlots)
    talk = await world.open("lucia-hernandez", locale=language)
    asked, never_done, no_longer = SLOT[language]
    answer = await talk.say(asked)
    assert never_done in answer["reply"]["text"]
    assert no_longer not in answer["reply"]["text"]
    assert (answer["actions"], answer["handoff"]) == ([], None)
    asked, never_done = PICKUP[language]
    assert never_done in (await talk.say(asked))["reply"]["text"]


@pytest.mark.parametrize("language", SLOT)
async def test_a_shop_that_can_offers_its_windows(make_world: Any, language: str) -> None:
    talk = await (await make_world()).open("lucia-hernandez", locale=language)
    answer = await talk.say(SLOT[language][0])
    assert answer["asks"] == ["date", "choice"]


@pytest.mark.parametrize("language", AWAY)
async def test_an_order_system_that_is_silent_is_said_to_be(make_world: Any, language: str) -> None:
    talk = await (await make_world(around=silent)).open("lucia-hernandez", locale=language)
    asked, truth = AWAY[language]
    answer = await talk.say(asked)
    assert truth in answer["reply"]["text"]
    assert answer["language"] == language
    assert any(not tool["ok"] for tool in answer["tools"])
