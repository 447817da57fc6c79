"""An ingest touches what changed, and what is served changes in one step or not at all."""

from __future__ import annotations

import pytest

from knowledge.articles import ArticleRefused
from knowledge.ingest import Ingested, ingest
from knowledge.vectors import ChromaVectors


@pytest.fixture
def vectors(tmp_path):
    opened = ChromaVectors.on_disk(tmp_path / "chroma")
    yield opened
    opened.close()


@pytest.fixture
def run(articles, figures, vectors, embedder):
    return lambda: ingest(articles, figures, vectors, embedder)


def counts(done: Ingested) -> tuple[int, int, int, int]:
    return done.added, done.changed, done.removed, done.unchanged


def served_texts(vectors: ChromaVectors) -> list[str]:
    return [entry.chunk.text for entry in vectors.read(vectors.served())]


def test_nothing_is_served_before_the_first_ingest(vectors):
    assert vectors.served() is None


def test_the_first_ingest_adds_every_article(write, run, vectors):
    write("returns", "Thirty days.")
    write("returns", "Treinta días.", language="es")
    assert counts(run()) == (2, 0, 0, 0)
    assert served_texts(vectors) == ["Thirty days.", "Treinta días."]


def test_an_unchanged_folder_is_left_alone(write, run, embedder):
    write("returns", "Thirty days.")
    first = run()
    embedder.embedded.clear()
    again = run()
    assert counts(again) == (0, 0, 0, 1)
    assert again.generation == first.generation
    assert embedder.embedded == []


def test_only_what_changed_is_embedded(write, run, vectors, embedder):
    write("returns", "Thirty days.")
    write("warranty", "Twelve months.")
    run()
    embedder.embedded.clear()
    write("warranty", "Twenty months.")
    write("care", "Wash cold.")
    assert counts(run()) == (1, 1, 0, 1)
    assert len(embedder.embedded) == 2
    assert sorted(served_texts(vectors)) == ["Thirty days.", "Twenty months.", "Wash cold."]


def test_a_changed_figure_changes_the_articles_that_quote_it(write, run, vectors, figures):
    write("returns", "{{return_days}} days.")
    write("warranty", "{{warranty_months}} months.")
    run()
    figures["en"]["return_days"] = "45"
    assert counts(run()) == (0, 1, 0, 1)
    assert served_texts(vectors) == ["45 days.", "12 months."]


def test_a_removed_article_disappears(write, run, vectors):
    write("returns", "Thirty days.")
    gone = write("warranty", "Twelve months.")
    run()
    gone.unlink()
    assert counts(run()) == (0, 0, 1, 1)
    assert served_texts(vectors) == ["Thirty days."]


def test_a_broken_article_leaves_the_old_index_serving(write, run, vectors):
    write("returns", "Thirty days.")
    first = run()
    write("warranty", "{{no_such_figure}}")
    with pytest.raises(ArticleRefused):
        run()
    assert vectors.served() == first.generation
    assert served_texts(vectors) == ["Thirty days."]


def test_an_ingest_that_breaks_off_while_writing_leaves_the_old_index_serving(write, run, vectors, embedder):
    write("returns", "Thirty days.")
    first = run()
    write("warranty", "Twelve months.")
    embed, embedder.embed = embedder.embed, _fail
    with pytest.raises(ConnectionError):
        run()
    assert vectors.served() == first.generation
    embedder.embed = embed
    assert counts(run()) == (1, 0, 0, 1)


def test_a_half_written_generation_is_finished_by_the_next_ingest(write, run, vectors):
    write("returns", "Thirty days.")
    write("warranty", "Twelve months.")
    whole = run()
    entries = vectors.read(whole.generation)
    write("care", "Wash cold.")
    target = run().generation
    write("care", "Wash cold.").unlink()
    run()
    vectors.write(target, entries[:1])
    write("care", "Wash cold.")
    assert run().generation == target
    assert len(served_texts(vectors)) == 3


def test_an_index_with_a_missing_part_is_not_served(write, run, vectors):
    write("returns", "Thirty days.")
    generation = run().generation
    vectors._client.delete_collection(f"postventa-es-{generation}")
    assert vectors.served() is None
    assert counts(run()) == (1, 0, 0, 0)
    assert vectors.served() == generation


def test_old_generations_are_dropped_but_for_the_last(write, run, vectors):
    generations = []
    for text in ("One.", "Two.", "Three."):
        write("returns", text)
        generations.append(run().generation)
    assert [bool(vectors.read(generation)) for generation in generations] == [False, True, True]


def test_another_embedder_makes_every_vector_anew(write, run, embedder):
    write("returns", "Thirty days.")
    first = run()
    embedder.embedded.clear()
    embedder.name = "another"
    assert run().generation != first.generation
    assert len(embedder.embedded) == 1


def test_an_entry_comes_back_as_it_was_written(write, run, vectors, embedder):
    write(
        "returns",
        "Opening of the article.\n\n## One\n\nA section that is long enough to stand by itself as one piece.\n\n"
        "### Two\n\nAnother section that is long enough to stand by itself as one piece.",
        extra='effective_to: 2027-01-31\nasked: ["can it go back", "take it back?"]\n',
    )
    run()
    first, second, third = (entry.chunk for entry in vectors.read(vectors.served()))
    assert (first.path, second.path, third.path) == ((), ("One",), ("One", "Two"))
    assert first.asked == ("can it go back", "take it back?")
    assert str(first.effective_to) == "2027-01-31"
    stored = vectors.read(vectors.served())[0].vector
    assert stored == pytest.approx(embedder.embed([first.indexed])[0], abs=1e-6)


def _fail(texts):
    raise ConnectionError("the embedding service is down")
