"""Goods that went back already are not replaced by others of the order when they are spoken of again."""

from __future__ import annotations

import pytest

from agent.conversation import ActionStatus
from evals.world import World

BACK = {
    "es": ("quiero devolver las tazas del pedido 10009, llegaron rotas", "sí", "quiero devolver una taza del pedido 10009, llegó rota"),
    "en": ("I want to return the mugs of order 10009, they arrived broken", "yes", "I want to return a mug of order 10009, it arrived broken"),
    "pt": ("quero devolver as canecas do pedido 10009, vieram quebradas", "sim", "quero devolver uma caneca do pedido 10009, veio quebrada"),
}  # fmt: skip
SWAP = {
    "es": "quiero cambiar la taza del pedido 10009",
    "en": "I want to exchange the mug of order 10009",
    "pt": "quero trocar a caneca do pedido 10009",
}


@pytest.mark.parametrize("language", BACK)
async def test_the_speaker_is_not_proposed_when_the_mugs_are_meant_and_gone(world: World, language: str) -> None:
    talk = await world.open("joao-pereira", locale=language)
    first, yes, again = BACK[language]
    assert [one["status"] for one in (await talk.say(first))["actions"]] == ["proposed"]
    await talk.say(yes)
    assert (await talk.last_action()).status is ActionStatus.EXECUTED
    for said in (again, SWAP[language]):
        answer = await talk.say(said)
        assert answer["actions"] == [], answer["reply"]["text"]
        assert "10009" in answer["reply"]["text"]
        assert "Eco" not in answer["reply"]["text"]
