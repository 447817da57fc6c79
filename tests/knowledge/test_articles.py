"""The help-centre articles: complete in every language, and unable to disagree with the policy's figures."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "knowledge" / "articles"
FIGURES = ROOT / "tools" / "policy" / "demo" / "2026-03-01" / "figures.yaml"

LANGUAGES = ("es", "en", "pt")
COUNTRIES = ("MX", "AR", "CO", "ES", "BR", "US")
TOPICS = frozenset(
    {
        "returns_window",
        "return_cost",
        "non_returnable",
        "exchange",
        "refund_time",
        "refund_method",
        "shipping_cost",
        "shipping_time",
        "international",
        "tracking",
        "address_change",
        "delivery_failed",
        "pickup_points",
        "cancellation",
        "warranty",
        "damaged_on_arrival",
        "missing_parcel",
        "gift_returns",
        "payment_methods",
        "invoices",
        "store_credit",
        "loyalty",
        "size_guide",
        "care",
        "contact_hours",
        "data_privacy",
        "accessibility",
    }
)
KEYS = frozenset({"id", "topic", "title", "audience", "language", "effective_from", "related"})
OPTIONAL = frozenset({"effective_to"})
FEWEST_WORDS, MOST_WORDS = 180, 400

FRONT_MATTER = re.compile(r"\A---\n(?P<head>.*?)\n---\n\n(?P<body>.*)\Z", re.DOTALL)
PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}")
LIST_OF_FIGURES = re.compile(r"^- .*(?:\{\{.*?\}\}.*){2,}$", re.MULTILINE)
SPOKEN_NUMBER = re.compile(
    r"\b(dos|tres|cuatro|cinco|siete|diez|quince|veinte|treinta|catorce"
    r"|two|three|four|five|seven|ten|fifteen|twenty|thirty|fourteen"
    r"|três|quatro|sete|dez|quinze|vinte|trinta|catorze)"
    r" (días|horas|minutos|meses|intentos|puntos|days|hours|minutes|months|attempts|tries|points"
    r"|dias|tentativas|pontos)\b",
    re.IGNORECASE,
)


class Article(NamedTuple):
    """One file, as written."""

    path: Path
    head: dict[str, Any]
    body: str

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(PLACEHOLDER.findall(self.body))

    @property
    def prose(self) -> str:
        """The body without its figures."""
        return PLACEHOLDER.sub("", self.body)


def read(path: Path) -> Article:
    parts = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    assert parts, f"{path} has no front matter"
    return Article(path, yaml.safe_load(parts["head"]), parts["body"])


def resolve(figures: dict[str, Any], name: str) -> object:
    """The value that ``name`` or ``name.country.MX`` stands for; KeyError when the file has none."""
    figure, _, variant = name.partition(".")
    entry = figures[figure]
    if not variant:
        return entry["value"]
    dimension, _, key = variant.partition(".")
    return entry[f"by_{dimension}"][key]


ALL = tuple(read(path) for path in sorted(ARTICLES.glob("*/*.md")))
every_article = pytest.mark.parametrize("article", ALL, ids=lambda article: article.name)


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FIGURES.read_text(encoding="utf-8"))
    return loaded


def written_in(language: str) -> dict[str, Article]:
    return {article.path.stem: article for article in ALL if article.path.parent.name == language}


def test_the_folders_are_the_three_languages() -> None:
    assert {article.path.parent.name for article in ALL} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_covers_every_topic_and_no_other(language: str) -> None:
    assert {article.head["topic"] for article in written_in(language).values()} == TOPICS


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_articles_on_the_same_topics(language: str) -> None:
    def topics(tongue: str) -> dict[str, str]:
        return {article.head["id"]: article.head["topic"] for article in written_in(tongue).values()}

    assert topics(language) == topics("es")


@every_article
def test_the_front_matter_is_complete_and_valid(article: Article) -> None:
    head = article.head
    assert KEYS <= head.keys() <= KEYS | OPTIONAL
    assert head["id"] == article.path.stem
    assert head["language"] == article.path.parent.name
    assert head["audience"] == "shopper"
    assert isinstance(head["title"], str)
    assert head["title"].strip()
    assert type(head["effective_from"]) is date
    assert head.get("effective_to", date.max) > head["effective_from"]


@every_article
def test_related_articles_exist_and_are_other_ones(article: Article) -> None:
    related = article.head["related"]
    assert related
    assert len(set(related)) == len(related)
    assert set(related) <= written_in(article.head["language"]).keys() - {article.head["id"]}


@every_article
def test_related_articles_are_the_same_in_every_language(article: Article) -> None:
    assert article.head["related"] == written_in("es")[article.head["id"]].head["related"]


@every_article
def test_no_figure_is_written_out(article: Article) -> None:
    for text in (article.head["title"], article.prose):
        assert not re.search(r"\d", text), f"{article.name} has a digit of its own"
        assert not SPOKEN_NUMBER.search(text), f"{article.name} spells a figure out"


@every_article
def test_every_placeholder_stands_for_a_figure_of_the_policy(article: Article, figures: dict[str, Any]) -> None:
    for name in article.placeholders:
        resolve(figures, name)
    assert not re.search(r"[{}]", article.prose), f"{article.name} has a broken placeholder"


@pytest.mark.parametrize("unknown", ["return_dayz", "return_days.country.MX", "return_fee", "shoe_eu.category.99"])
def test_a_placeholder_without_a_figure_is_noticed(unknown: str, figures: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        resolve(figures, unknown)


@every_article
def test_the_same_figures_are_named_in_every_language(article: Article) -> None:
    assert article.placeholders == written_in("es")[article.head["id"]].placeholders


@every_article
def test_a_price_is_given_for_every_country_or_for_none(article: Article, figures: dict[str, Any]) -> None:
    money = {name for name, entry in figures.items() if entry["unit"] == "money"}
    named = {name.partition(".")[0] for name in article.placeholders} & money
    for name in named:
        assert {f"{name}.country.{country}" for country in COUNTRIES} <= article.placeholders


@every_article
def test_the_length_suits_a_help_centre(article: Article) -> None:
    words = len(re.findall(r"[^\W\d_]+", PLACEHOLDER.sub("", LIST_OF_FIGURES.sub("", article.body))))
    assert FEWEST_WORDS <= words <= MOST_WORDS


@every_article
def test_an_article_opens_with_its_answer_and_then_asks_what_a_shopper_asks(article: Article) -> None:
    opening, *sections = re.split(r"^## ", article.body, flags=re.MULTILINE)
    assert opening.strip()
    assert not opening.startswith("#")
    assert len(sections) >= 3
    for section in sections:
        heading, _, text = section.partition("\n")
        assert heading.strip()
        assert text.strip(), f"{article.name}: nothing under {heading!r}"


@every_article
def test_a_shopper_is_told_what_to_write_in_the_chat(article: Article) -> None:
    quoted = {"es": r"«[^»]+»", "en": r'"[^"]+"', "pt": r"“[^”]+”"}
    assert "chat" in article.body
    assert re.search(quoted[article.head["language"]], article.body)


@every_article
def test_an_articles_headings_are_unique_so_that_a_quote_points_to_one_place(article: Article) -> None:
    headings = re.findall(r"^#+ (.+)$", article.body, flags=re.MULTILINE)
    assert len(set(headings)) == len(headings)
