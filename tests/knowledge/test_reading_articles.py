"""Articles are read strictly: what is not right is refused, with the place of the fault."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.articles import ArticleRefused, read_articles


def test_an_article_comes_with_its_figures_filled_in(write, articles, figures):
    write(
        "returns", "You have {{return_days}} days.\n\n## {{ return_days }} days?\n\nYes.", title="{{return_days}} days"
    )
    (article,) = read_articles(articles, figures)
    assert article.body == "You have 30 days.\n\n## 30 days?\n\nYes."
    assert article.title == "30 days"
    assert (article.effective_from, article.effective_to) == (date(2026, 3, 1), None)


def test_each_language_takes_its_own_figures(write, articles, figures):
    figures["es"]["return_days"] = "treinta"
    write("returns", "{{return_days}}", language="es")
    write("returns", "{{return_days}}", language="en")
    assert {article.language: article.body for article in read_articles(articles, figures)} == {
        "es": "treinta",
        "en": "30",
    }


@pytest.mark.parametrize(
    ("options", "body", "line", "key"),
    [
        ({}, "One line.\n\nThen {{no_such_figure}}.", 13, "{{no_such_figure}}"),
        ({"since": "soon"}, "Text.", 7, "effective_from"),
        ({"audience": "everybody"}, "Text.", 5, "audience"),
        ({"extra": "colour: red\n"}, "Text.", 8, "colour"),
        ({"title": ""}, "Text.", 4, "title"),
        ({}, "", 10, "body"),
    ],
)
def test_a_fault_is_refused_by_file_line_and_key(write, articles, figures, options, body, line, key):
    write("returns", body, **options)
    with pytest.raises(ArticleRefused) as refused:
        read_articles(articles, figures)
    assert (refused.value.file, refused.value.line, refused.value.key) == ("en/returns.md", line, key)


def test_a_missing_key_is_refused(write, articles, figures):
    path = write("returns", "Text.")
    path.write_text(path.read_text().replace("topic: returns\n", ""))
    with pytest.raises(ArticleRefused, match=r"en/returns\.md:1: topic: Field required"):
        read_articles(articles, figures)


def test_broken_yaml_is_refused_with_its_line(write, articles, figures):
    path = write("returns", "Text.")
    path.write_text(path.read_text().replace("related: []", "related: ["))
    with pytest.raises(ArticleRefused) as refused:
        read_articles(articles, figures)
    assert refused.value.key == "front matter"
    assert refused.value.line > 1


def test_an_article_has_one_topic_in_all_its_languages(write, articles, figures):
    for language in ("es", "en", "pt"):
        write("tracking", "Text.", language=language)
    path = write("tracking", "Text.", language="es", topic="trackin")
    with pytest.raises(ArticleRefused, match=r"es/tracking\.md:\d+: topic: is trackin here, and tracking in"):
        read_articles(articles, figures)
    path.unlink()
    assert len(read_articles(articles, figures)) == 2


def test_a_file_that_is_not_utf_8_is_refused_by_line(write, articles, figures):
    path = write("returns", "Text.")
    path.write_bytes(path.read_bytes() + "\nDevolución".encode("cp1252"))
    with pytest.raises(ArticleRefused, match=r"en/returns\.md:13: file: is not text in UTF-8"):
        read_articles(articles, figures)


def test_a_file_without_front_matter_is_refused(write, articles, figures):
    write("returns", "Text.").write_text("# Returns\n")
    with pytest.raises(ArticleRefused, match="front matter"):
        read_articles(articles, figures)


def test_a_file_in_the_wrong_folder_is_refused(write, articles, figures):
    path = write("returns", "Text.")
    path.write_text(path.read_text().replace("language: en", "language: es"))
    with pytest.raises(ArticleRefused, match="es/returns"):
        read_articles(articles, figures)


def test_a_related_article_must_exist(write, articles, figures):
    path = write("returns", "Text.")
    path.write_text(path.read_text().replace("related: []", "related: [exchanges]"))
    with pytest.raises(ArticleRefused, match="exchanges"):
        read_articles(articles, figures)


def test_an_empty_folder_is_refused(articles, figures):
    with pytest.raises(ArticleRefused, match="no articles"):
        read_articles(articles, figures)


def test_versions_that_follow_each_other_are_both_read(write, articles, figures):
    write("returns", "Old.", extra="effective_to: 2026-12-31\n")
    write("returns.2027", "New.", since="2027-01-01")
    assert {article.body for article in read_articles(articles, figures)} == {"Old.", "New."}


@pytest.mark.parametrize("extra", ["", "effective_to: 2027-01-01\n"])
def test_versions_that_overlap_are_refused(write, articles, figures, extra):
    write("returns", "Old.", extra=extra)
    write("returns.2027", "New.", since="2027-01-01")
    with pytest.raises(ArticleRefused, match=r"returns\.2027\.md:1: effective_from: overlaps"):
        read_articles(articles, figures)


def test_the_digest_changes_with_a_figure_and_with_nothing_else(write, articles, figures):
    write("returns", "You have {{return_days}} days.")
    (before,) = read_articles(articles, figures)
    assert read_articles(articles, figures) == (before,)
    figures["en"]["return_days"] = "45"
    (after,) = read_articles(articles, figures)
    assert after.digest != before.digest
