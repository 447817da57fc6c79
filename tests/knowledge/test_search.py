"""Search answers in the shopper's language, from the articles in force, and says when it has no answer."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.articles import ArticleRefused
from knowledge.build import build_knowledge, update_index
from knowledge.port import Knowledge

RETURNS = ["how long do I have to return it", "return deadline", "until when can I send it back", "too late to return"]
TRACKING = ["where is my order", "track my parcel", "has my order shipped", "my package is in transit"]
NONE = ["will it rain", "tell me a joke", "chicken soup recipe", "who is the president", "cheap flights", "hello"]
STUCK = "After seven quiet days we open a search with the carrier, and tell you what it finds."


@pytest.fixture
def phrasings(tmp_path) -> Path:
    folder = tmp_path / "phrasings"
    folder.mkdir()
    told = {"returns_window": RETURNS, "tracking": TRACKING, "none": NONE}
    (folder / "en.yaml").write_text("\n".join(f"{topic}: {lines}" for topic, lines in told.items()))
    (folder / "es.yaml").write_text(
        "returns_window: [hasta cuando puedo devolver, plazo de devolucion, cuanto tiempo tengo para devolver, fecha]\n"
        "tracking: [donde esta mi pedido, rastrear mi paquete, ya salio mi pedido, estado de mi orden]\n"
        "none: [va a llover, cuentame un chiste, receta de sopa, quien es el presidente, vuelos baratos, hola]\n"
    )
    (folder / "pt.yaml").write_text("none: [vai chover, conta uma piada, receita de bolo]\n")
    (folder / "concepts.yaml").write_text("return: [return*, 'send it back', devol*]\ncourtesy: [hi, hello, hola]\n")
    return folder


@pytest.fixture
def centre(write, articles):
    write("returns_window", "You have {{return_days}} days to return.", title="How long do I have to return?")
    write(
        "returns_window",
        "Tienes {{return_days}} días para devolver.",
        title="¿Cuánto hay para devolver?",
        language="es",
    )
    write("tracking", f"Follow the link in our e-mail.\n\n## It does not move\n\n{STUCK}", title="Where is my order?")
    return articles


@pytest.fixture
def build(tmp_path, centre, figures, clock, phrasings):
    def build_it(**options) -> Knowledge:
        given = {"clock": clock, "phrasings_dir": phrasings, **options}
        return build_knowledge(tmp_path / "data", centre, figures, **given)

    return build_it


async def test_the_article_on_the_question_comes_first_and_supports_an_answer(build):
    best, *_ = await build().search("can I still return it?", "en")
    assert (best.article, best.language, best.supports) == ("returns_window", "en", True)
    assert best.text == "You have 30 days to return."
    assert best.url == "/help/en/returns_window"
    assert 0 < best.score <= 1


async def test_the_section_that_answers_is_quoted_with_its_heading(build):
    best, *_ = await build().search("where is my order? it does not move, open a search with the carrier", "en")
    assert best.path == ("It does not move",)
    assert best.url == "/help/en/tracking#it-does-not-move"


async def test_a_question_in_spanish_is_answered_in_spanish(build):
    best, *_ = await build().search("¿hasta cuándo puedo devolver?", "es")
    assert (best.language, best.text) == ("es", "Tienes 30 días para devolver.")


async def test_another_language_answers_only_where_the_own_one_has_no_article(build):
    knowledge = build()
    best, *_ = await knowledge.search("¿dónde está mi pedido?", "es")
    assert (best.article, best.language) == ("tracking", "en")
    in_portuguese = await knowledge.topic("returns_window", "pt")
    assert in_portuguese is not None
    assert in_portuguese.language == "es"


@pytest.mark.parametrize("text", ["will it rain in Lima?", "tell me a good joke", "hola", "", "?!", "👍"])
async def test_what_no_article_answers_is_not_supported(build, text):
    assert not any(passage.supports for passage in await build().search(text, "en"))


@pytest.mark.parametrize("text", ["", "   ", "?!", "👍"])
async def test_a_text_without_words_finds_nothing(build, text):
    assert await build().search(text, "en") == ()


async def test_there_are_never_more_passages_than_wanted_and_one_an_article(build):
    knowledge = build()
    assert len(await knowledge.search("return my order", "en", limit=1)) == 1
    found = await knowledge.search("return my order", "en", limit=10)
    assert len({passage.article for passage in found}) == len(found)
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)


async def test_a_topic_answers_with_its_opening(build):
    passage = await build().topic("tracking", "en")
    assert passage is not None
    assert (passage.path, passage.text) == ((), "Follow the link in our e-mail.")


async def test_an_unknown_topic_answers_nothing(build):
    assert await build().topic("horoscopes", "en") is None


async def test_an_article_on_a_topic_without_phrasings_is_found_by_its_words(write, build):
    write("gift_wrapping", "We wrap presents in recycled paper for free.", title="Do you wrap presents?")
    knowledge = build()
    best, *_ = await knowledge.search("do you wrap presents in paper?", "en")
    assert (best.article, best.supports) == ("gift_wrapping", True)
    assert not any(passage.supports for passage in await knowledge.search("do you sell bicycles in Lima?", "en"))


async def test_an_article_for_staff_is_never_quoted(write, build):
    write(
        "goodwill", "Staff may return ten percent.", title="Return goodwill", topic="returns_window", audience="staff"
    )
    found = await build().search("how long do I have to return it", "en", limit=10)
    assert "goodwill" not in {passage.article for passage in found}


async def test_an_article_is_quoted_only_while_it_is_in_force(write, build):
    write("returns_window", "You have 30 days.", extra="effective_to: 2026-12-31\n")
    write("returns_window.2027", "You have 45 days.", since="2027-01-01")
    now = [datetime(2026, 12, 31, 23, tzinfo=UTC)]
    knowledge = build(clock=lambda: now[0])
    before = await knowledge.topic("returns_window", "en")
    now[0] = datetime(2027, 1, 1, 0, tzinfo=UTC)
    after = await knowledge.topic("returns_window", "en")
    assert before is not None
    assert after is not None
    assert (before.text, after.text) == ("You have 30 days.", "You have 45 days.")


async def test_a_broken_article_is_refused_and_leaves_the_index_made_before(write, build):
    before = await build().search("return deadline", "en")
    path = write("returns_window", "")
    whole, broken = path.read_text(), path.read_text() + "You have {{no_such_figure}} days."
    path.write_text(broken)
    with pytest.raises(ArticleRefused, match=r"en/returns_window\.md:\d+: \{\{no_such_figure"):
        build()
    path.write_text(whole + "You have 30 days to return.")
    assert [passage.text for passage in await build().search("return deadline", "en")] == [
        passage.text for passage in before
    ]


async def test_two_builds_answer_alike(build, tmp_path, centre, figures, clock, phrasings):
    elsewhere = build_knowledge(tmp_path / "other", centre, figures, clock, phrasings_dir=phrasings)
    question = "my package has not moved"
    assert await build().search(question, "en") == await elsewhere.search(question, "en")


async def test_a_second_build_reads_the_kept_model_and_answers_alike(build, tmp_path):
    first = await build().search("return deadline", "en")
    (kept,) = (tmp_path / "data" / "topics").iterdir()
    written = kept.stat().st_mtime_ns
    assert await build().search("return deadline", "en") == first
    assert kept.stat().st_mtime_ns == written


async def test_a_second_build_reads_the_kept_index_without_chroma_and_answers_alike(build, tmp_path):
    first = await build().search("return deadline", "en")
    shutil.rmtree(tmp_path / "data" / "chroma")
    assert await build().search("return deadline", "en") == first
    assert not (tmp_path / "data" / "chroma").exists()


async def test_a_damaged_kept_index_is_made_anew(build, tmp_path):
    first = await build().search("return deadline", "en")
    (kept,) = (tmp_path / "data" / "index").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    assert await build().search("return deadline", "en") == first
    assert kept.read_bytes() == whole


async def test_a_changed_article_is_not_answered_from_the_kept_index(write, build, tmp_path):
    build()
    write("returns_window", "You have ninety days.")
    passage = await build().topic("returns_window", "en")
    assert passage is not None
    assert passage.text == "You have ninety days."
    assert len(list((tmp_path / "data" / "index").iterdir())) == 1


async def test_an_update_from_the_command_line_is_served_by_the_next_build(write, build, tmp_path, centre, figures):
    build()
    write("returns_window", "You have ninety days.")
    done = update_index(tmp_path / "data", centre, figures)
    assert done.changed == 1
    passage = await build().topic("returns_window", "en")
    assert passage is not None
    assert passage.text == "You have ninety days."
