"""A note for whoever brings the parcel: asked for, interrupted by a question, and left in the shopper's words."""

from __future__ import annotations

import pytest

from evals.world import World

TALKS = {
    "es": ("pon una nota en el 10002", "¿y cuándo llega?", "portón azul"),
    "en": ("leave a note for the driver on 10002", "when will it be here?", "blue gate"),
    "pt": ("deixa um recado para o entregador no 10002", "e quando chega?", "portão azul"),
}


@pytest.mark.parametrize("language", TALKS)
async def test_a_question_is_answered_and_the_note_is_asked_for_again(world: World, language: str) -> None:
    talk = await world.open("lucia-hernandez", locale=language)
    wants, asks, note = TALKS[language]
    first = await talk.say(wants)
    assert first["asks"] == ["instructions"]
    assert "/invoices/" not in first["reply"]["text"], "a note is no invoice"
    second = await talk.say(asks)
    assert second["actions"] == []
    assert "CLB047507377MX" in second["reply"]["text"]
    assert second["asks"] == ["instructions"]
    (action,) = (await talk.say(note))["actions"]
    assert (action["kind"], action["status"]) == ("delivery_instructions", "proposed")
    assert note in str(action["after"])
