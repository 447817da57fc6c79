"""Concepts are found by words, stems and phrases, in any of the languages."""

from __future__ import annotations

import pytest

from knowledge.concepts import Concepts
from knowledge.hearing import Hearing
from knowledge.phrasings import FOLDER, NONE, PhrasingsRefused, read_concepts, read_phrasings
from knowledge.words import LANGUAGES, Stems, fold, words

CONCEPTS = Concepts.of(
    {"return": ["devol*", "send* back"], "money": ["plata", "cash"], "courtesy": ["hola", "good day"]}
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quiero devolver esto", ["return"]),
        ("la devolución de mi PLATA", ["money", "return"]),
        ("sending back the cash", ["money", "return"]),
        ("send it later", []),
        ("plataforma", []),
        ("", []),
    ],
)
def test_concepts_of_a_text(text, found):
    assert CONCEPTS.find(text) == found


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("Hola, ¿me devuelven la plata?", "me devuelven la plata"),
        ("hola", "hola"),
        ("Good day, refnud please", "refund please"),
        ("cuando llega el reembloso", "cuando llega el reembolso"),
        ("xyzzy", "xyzzy"),
        ("pedido 10023", "pedido 10023"),
    ],
)
def test_courtesies_and_slips_are_heard_through(typed, heard):
    hearing = Hearing(["me devuelven la plata", "refund please", "cuando llega el reembolso de mi pedido"], CONCEPTS)
    assert hearing(typed) == heard


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("es", "devolución", "devoluciones"), ("es", "devolucion", "devolución"), ("pt", "devolucao", "devoluções"),
     ("pt", "trocas", "troca"), ("en", "returns", "returned")],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(language, one, other):
    assert Stems(language)(one) == Stems(language)(other) != []


def test_folding_is_the_same_with_and_without_accents():
    assert fold("¿Dónde ESTÁ mi PEDIDO, señor?") == "¿donde esta mi pedido, senor?"
    assert words("Don't — ¡año 2026!") == ["don", "t", "ano", "2026"]


def test_every_topic_is_phrased_in_every_language():
    phrasings = read_phrasings()
    by_language = {
        language: [phrasing for phrasing in phrasings if phrasing.language == language] for language in LANGUAGES
    }
    topics = {phrasing.topic for phrasing in phrasings}
    for ours in by_language.values():
        for topic in topics:
            assert sum(phrasing.topic == topic for phrasing in ours) >= (40 if topic == NONE else 25), topic
        assert len({phrasing.text for phrasing in ours}) == len(ours)


def test_every_concept_pattern_can_be_matched():
    for concept, patterns in read_concepts().items():
        for pattern in patterns:
            assert words(pattern.replace("*", "x")) == pattern.replace("*", "x").split(), f"{concept}: {pattern}"


def test_a_phrasing_that_is_not_text_is_refused(tmp_path):
    for file in FOLDER.glob("*.yaml"):
        (tmp_path / file.name).write_text("none: [hello, no]\n")
    with pytest.raises(PhrasingsRefused, match=r"es\.yaml: none\.1"):
        read_phrasings(tmp_path)
