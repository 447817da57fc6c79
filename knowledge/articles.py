"""Help-centre articles, read strictly: a file that is not right is refused before anything is served from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

Figures: TypeAlias = Mapping[str, Mapping[str, str]]
"""By language and name (``return_days.category.electronics``): the figure as that language writes it."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

_FILE: Final = re.compile(r"\A---\n(?P<head>.*?\n)---\n(?P<body>.*)\Z", re.DOTALL)
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(?P<name>[^{}]*?)\s*\}\}")


class ArticleRefused(ValueError):
    """An article that cannot be served: the ``file``, the ``line`` in it, and the ``key`` that is wrong."""

    def __init__(self, file: str, line: int, key: str, why: str) -> None:
        super().__init__(f"{file}:{line}: {key}: {why}")
        self.file, self.line, self.key = file, line, key


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article in one language, its figures filled in.

    In force from ``effective_from`` through ``effective_to``, both included, days as the shop counts them.
    ``asked`` are ways of asking for it beyond the shipped phrasings. ``digest`` changes with anything that is written
    in the file and with the figures in it.
    """

    id: str
    topic: str
    title: str
    audience: str
    language: str
    effective_from: date
    effective_to: date | None
    related: tuple[str, ...]
    asked: tuple[str, ...]
    body: str
    digest: str


class FrontMatter(BaseModel):
    """What stands between the ``---`` lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Name
    topic: Name
    title: Text
    audience: Literal["shopper", "staff"]
    language: Literal["es", "en", "pt"]
    effective_from: date
    effective_to: date | None = None
    related: tuple[Name, ...]
    asked: tuple[Text, ...] = ()


def read_articles(folder: Path, figures: Figures) -> tuple[Article, ...]:
    """Every ``{language}/*.md`` under the folder, sorted by path, whenever in force.

    A file is named after its id, later versions with a suffix: ``warranty.md``, ``warranty.2027.md``. Raises
    ArticleRefused for the first file with a wrong front matter, an unknown figure, a related article that does not
    exist, dates that overlap those of another version, or another topic than the article has elsewhere; and when there
    is no article at all.
    """
    files = sorted(folder.glob("*/*.md"))
    if not files:
        raise ArticleRefused(str(folder), 0, "*.md", "no articles here")
    articles = tuple(_read(path, figures) for path in files)
    names = [str(path.relative_to(folder)) for path in files]
    _refuse_overlaps(names, articles)
    _refuse_dangling(names, articles)
    _refuse_two_topics(names, articles)
    return articles


def _read(path: Path, figures: Figures) -> Article:
    name = f"{path.parent.name}/{path.name}"
    text = _decode(name, path.read_bytes())
    parts = _FILE.match(text)
    if not parts:
        raise ArticleRefused(name, 1, "front matter", "the file does not start with a block between two --- lines")
    head = _front_matter(name, parts["head"])
    if head.language != path.parent.name or head.id != path.name.split(".")[0]:
        raise ArticleRefused(name, 2, "id, language", f"says {head.language}/{head.id}, but the file is elsewhere")
    known = figures.get(head.language, {})
    title = _fill(name, head.title, known, 2)
    body = _fill(name, parts["body"], known, text[: parts.start("body")].count("\n") + 1).strip()
    if not body:
        raise ArticleRefused(name, parts["head"].count("\n") + 3, "body", "is empty")
    digest = sha256(f"{head.model_dump_json()}\n{title}\n{body}".encode()).hexdigest()
    fields = head.model_dump(exclude={"title"})
    return Article(**fields, title=title, body=body, digest=digest)


def _decode(name: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise ArticleRefused(name, line, "file", "is not text in UTF-8") from fault


def _front_matter(name: str, head: str) -> FrontMatter:
    try:
        return FrontMatter.model_validate(yaml.load(head, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 2 if fault.problem_mark else 2
        raise ArticleRefused(name, line, "front matter", fault.problem or "is not YAML") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "front matter"
        raise ArticleRefused(name, _line_of(key, head), key, first["msg"]) from fault


def _line_of(key: str, head: str) -> int:
    """The line of the file on which a key stands; that of the opening ``---`` when it is missing."""
    lines = (number for number, line in enumerate(head.splitlines(), start=2) if line.startswith(f"{key}:"))
    return next(lines, 1)


def _fill(name: str, text: str, known: Mapping[str, str], first_line: int) -> str:
    for placeholder in _PLACEHOLDER.finditer(text):
        if placeholder["name"] not in known:
            line = first_line + text[: placeholder.start()].count("\n")
            raise ArticleRefused(name, line, f"{{{{{placeholder['name']}}}}}", "no such figure")
    return _PLACEHOLDER.sub(lambda placeholder: known[placeholder["name"]], text)


def _refuse_overlaps(names: Sequence[str], articles: Sequence[Article]) -> None:
    versions = sorted(zip(articles, names, strict=True), key=lambda each: (_key(each[0]), each[0].effective_from))
    for (earlier, _), (later, name) in pairwise(versions):
        if _key(earlier) == _key(later) and (
            earlier.effective_to is None or earlier.effective_to >= later.effective_from
        ):
            why = f"overlaps the version in force from {earlier.effective_from}"
            raise ArticleRefused(name, 1, "effective_from", why)


def _refuse_dangling(names: Iterable[str], articles: Sequence[Article]) -> None:
    known = {article.id for article in articles}
    for name, article in zip(names, articles, strict=True):
        for other in article.related:
            if other not in known:
                raise ArticleRefused(name, 1, "related", f"there is no article {other}")


def _refuse_two_topics(names: Sequence[str], articles: Sequence[Article]) -> None:
    """An article is about one thing, in every language and version: the rarer topic is the misspelt one."""
    topics: dict[str, Counter[str]] = {}
    for article in articles:
        topics.setdefault(article.id, Counter())[article.topic] += 1
    for name, article in zip(names, articles, strict=True):
        usual = topics[article.id].most_common(1)[0][0]
        if article.topic != usual:
            why = f"is {article.topic} here, and {usual} in the article's other languages or versions"
            raise ArticleRefused(name, 1, "topic", why)


def _key(article: Article) -> tuple[str, str]:
    return article.language, article.id
