"""An undo in words is heard in three languages, and nothing else is taken for one."""

import pytest

from agent.understanding.taking_back import takes_back


@pytest.mark.parametrize(
    "text",
    [
        "deshazlo", "deshazlo por favor", "Deshacer", "me equivoqué, deshaz el cambio", "desházmelo", "deshacé eso",
        "revierte eso", "mejor déjalo como estaba", "quiero deshacerlo", "¿puedes deshacerlo?",
        "undo", "Undo that please", "please revert it", "put it back how it was", "leave it the way it was",
        "can you undo that?",
        "desfaz", "desfaz isso", "quero desfazer", "desfaça a troca", "deixa como estava", "pode desfazer?",
    ],
)  # fmt: skip
def test_an_undo_in_words(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "sí", "no lo deshagas", "no quiero deshacer nada", "¿hasta cuándo puedo deshacerlo?", "¿cómo lo deshago?",
        "don't undo it", "can I undo it later?", "how do I undo this", "não desfaça", "posso desfazer depois?",
        "quiero devolver los tenis", "me deshice de la caja", "I want my money back", "o pacote chegou desfeito e rasgado",
        "el paquete llegó deshecho",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it(text: str) -> None:
    assert not takes_back(text)
