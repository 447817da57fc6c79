"""Articles are cut by their headings, and each piece says where it stood."""

from __future__ import annotations

import pytest

from knowledge.articles import read_articles
from knowledge.chunks import LONGEST, split

SENTENCE = "This sentence has exactly twelve words so that sections count as long. "


@pytest.fixture
def pieces(write, articles, figures):
    def cut(body: str, **options):
        write("returns", body, title="Returns", **options)
        (article,) = read_articles(articles, figures)
        return split(article)

    return cut


def test_each_piece_keeps_the_headings_above_it(pieces):
    body = f"{SENTENCE}\n\n## How?\n\n{SENTENCE}\n\n### By post\n\n{SENTENCE}\n\n## How long?\n\n{SENTENCE}"
    assert [piece.path for piece in pieces(body)] == [(), ("How?",), ("How?", "By post"), ("How long?",)]


def test_a_piece_links_to_its_heading_and_the_opening_to_the_page(pieces):
    opening, section = pieces(f"{SENTENCE}\n\n## ¿Quién paga el envío?\n\n{SENTENCE}", language="es")
    assert opening.url == "/help/es/returns"
    assert section.url == "/help/es/returns#quien-paga-el-envio"


def test_no_word_of_the_article_is_lost(pieces):
    body = "\n\n".join(f"## Part {number}\n\n{SENTENCE * number}" for number in range(1, 9))
    kept = " ".join(" ".join((*piece.path, piece.text)) for piece in pieces(body))
    assert sorted(kept.split()) == sorted(body.replace("#", "").split())


def test_a_long_section_is_parted_between_paragraphs(pieces):
    body = "## Long\n\n" + "\n\n".join([SENTENCE * 5] * 6)
    found = pieces(body)
    assert len(found) == 2
    assert all(len(piece.text.split()) <= LONGEST for piece in found)
    assert {piece.path for piece in found} == {("Long",)}


def test_a_section_of_a_few_words_joins_the_one_before_it_with_its_heading(pieces):
    (piece,) = pieces(f"{SENTENCE}\n\n## Is it free?\n\nYes.")
    assert piece.text.endswith("Is it free?\n\nYes.")


def test_pieces_are_found_by_their_title_and_headings_too(pieces):
    _, section = pieces(f"{SENTENCE}\n\n## By post\n\n{SENTENCE}")
    assert section.indexed.startswith("Returns\nBy post\n")


def test_the_id_follows_the_content(pieces):
    before = [piece.id for piece in pieces(SENTENCE)]
    assert [piece.id for piece in pieces(SENTENCE)] == before
    assert [piece.id for piece in pieces(SENTENCE * 2)] != before
