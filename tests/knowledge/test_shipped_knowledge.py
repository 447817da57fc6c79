"""The articles and phrasings as shipped: they index, they answer, and they keep silent where they should."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evals.knowledge_bench import Found, Question, ask, open_demo, read_questions, score

ROOT = Path(__file__).parents[2]
AUTHORED = ROOT.parent / "shared" / "data" / "authored" / "kb_questions.jsonl"


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    return open_demo(tmp_path_factory.mktemp("knowledge"))


@pytest.mark.parametrize(
    ("language", "text", "article"),
    [
        ("es", "Hola! me quedaron chicas las zapatillas, las puedo cambiar?", "exchange"),
        ("es", "kiero devolver unos tenis ke compre", "returns_window"),
        ("es", "nadie estaba en casa cuando vino el repartidor", "delivery_failed"),
        ("es", "¿me hacen factura con RFC?", "invoices"),
        ("en", "it says delivered but nothing is here", "missing_parcel"),
        ("en", "the mug came in pieces", "damaged_on_arrival"),
        ("en", "who pays customs duty to Canada?", "international"),
        ("en", "is my package on its way?", "tracking"),
        ("pt", "cadê meu pedido?", "tracking"),
        ("pt", "quem paga o frete se eu devolver", "return_cost"),
        ("pt", "o tênis ficou apertado, dá pra trocar?", "exchange"),
        ("pt", "aceitam pix?", "payment_methods"),
    ],
)
async def test_a_plain_question_finds_its_article_in_its_language(knowledge, language, text, article):
    best, *_ = await knowledge.search(text, language)
    assert (best.article, best.language, best.supports) == (article, language, True)
    assert "{{" not in best.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "¿qué tiempo hace hoy?"),
        ("en", "give me a recipe for lentil soup"),
        ("pt", "me conta uma piada"),
        ("es", "hola"),
    ],
)
async def test_a_question_from_elsewhere_is_not_supported(knowledge, language, text):
    assert not any(passage.supports for passage in await knowledge.search(text, language))


@pytest.mark.parametrize("language", ["es", "en", "pt"])
async def test_every_topic_opens_in_every_language(knowledge, language):
    for topic in ("returns_window", "warranty", "accessibility", "data_privacy"):
        passage = await knowledge.topic(topic, language)
        assert passage is not None
        assert (passage.topic, passage.language, passage.path) == (topic, language, ())


async def test_questions_written_by_others_find_their_article_among_three(knowledge):
    if not AUTHORED.exists():
        assert not os.environ.get("CI"), f"{AUTHORED} must be there in CI"
        pytest.skip(f"no questions at {AUTHORED}")
    figures = score(await ask(knowledge, read_questions(AUTHORED)))
    assert figures.recall_at_3 >= 0.8
    assert figures.support >= 0.9
    assert figures.precision >= 0.9


def test_the_figures_of_a_bench_are_counted_as_they_say():
    def found(topic: str, topics: tuple[str, ...], supported: bool) -> Found:
        return Found(Question(id="1", language="es", text="?", topic=topic), topics, supported, 1.0)

    figures = score([
        found("a", ("a", "b"), True),
        found("b", ("a", "c", "d", "b"), True),
        found("c", (), False),
        found("none", ("a",), True),
        found("none", (), False),
    ])  # fmt: skip
    assert figures.recall_at_1 == pytest.approx(1 / 3)
    assert figures.recall_at_3 == pytest.approx(1 / 3)
    assert figures.reciprocal_rank == pytest.approx((1 + 1 / 4) / 3)
    assert figures.precision == pytest.approx(2 / 3)
    assert figures.support == pytest.approx(2 / 3)
    assert figures.silence == pytest.approx(1 / 2)


def test_another_acceptable_topic_counts_as_found():
    question = Question(id="1", language="es", text="?", topic="a", also=("b",))
    assert Found(question, ("c", "b", "a"), True, 1.0).rank == 2
    assert Found(question, ("a", "b"), True, 1.0).rank == 1
    assert Found(question, ("c",), True, 1.0).rank is None
