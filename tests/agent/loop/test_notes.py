"""What of a message is meant for whoever brings the parcel."""

from __future__ import annotations

import pytest

from agent.loop.embedded.notes import note_in, whole_note


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("pon una nota en el 10002: portón azul", "portón azul"),
        ("add a note to order 10002: blue gate, second floor", "blue gate, second floor"),
        ("coloca um recado no pedido 10002: portão azul", "portão azul"),
        ("quiero dejar una nota para el repartidor de mi pedido 10002: toca el timbre azul", "toca el timbre azul"),
        ("quiero dejar una nota", ""),
    ],
)
def test_what_stands_after_the_colon_is_the_note(text: str, note: str) -> None:
    assert note_in(text) == note


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("portón azul", "portón azul"),
        ("¿y cuándo llega?", ""),
        ("when will it be here?", ""),
        ("quando chega?", ""),
        ("¿pueden dejarlo con el vecino del 3?", "dejarlo con el vecino del 3"),
    ],
)
def test_a_question_in_place_of_the_note_is_no_note(text: str, note: str) -> None:
    assert whole_note(text) == note
