"""Renders the desk's pages: templates that escape whatever they are given, and texts in three languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup, escape

from prompts import forms
from prompts.loader import LANGUAGES, Sentences

FOLDER = Path(__file__).parent
STATIC = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
HOUR_S, DAY_S = 3600, 86400


@cache
def texts() -> Sentences:
    """What the pages say, read once."""
    return Sentences.load(FOLDER / "texts")


class Page:
    """A page in one language, with the times of one zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._zone = zone

    def render(self, template: str, /, **values: Any) -> str:
        """HTML. Everything in ``values`` is escaped, except for what is ``Markup`` already."""
        return (
            _templates()
            .get_template(template)
            .render(
                values,
                language=self.language,
                languages=LANGUAGES,
                t=self.say,
                label=self.label,
                at=self.at,
                money=self.money,
                waited=waited,
                marked=marked,
            )
        )

    def say(self, name: str, /, **values: Any) -> str:
        """A text of the pages, as text."""
        return texts().say(f"ui.{name}", self.language, **values)

    def label(self, kind: str, code: str | None) -> str:
        """A code of the service in words; one that is new here as it stands."""
        key = f"{kind}.{code}"
        return texts().say(key, self.language) if texts().has(key) else str(code or "").replace("_", " ")

    def at(self, moment: str | datetime | None, *, day: bool = False, short: bool = False) -> str:
        """``14:05``, in the shop's zone; with the day before it, in words or ``short`` as ``17/11``."""
        if not moment:
            return ""
        told = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        here = told.astimezone(self._zone)
        hour = f"{here:%H:%M}"
        if short:
            return f"{here:%m/%d}, {hour}" if self.language == "en" else f"{here:%d/%m}, {hour}"
        return f"{forms.day(here.date().isoformat(), self.language)}, {hour}" if day else hour

    def money(self, value: Mapping[str, Any] | None) -> str:
        """``$1,499.00``; nothing for none."""
        return forms.money(value, self.language) if value else ""


def static(name: str) -> tuple[bytes, str] | None:
    """A file that a page asks for, and its type; None for what is none."""
    path = FOLDER / "static" / name
    kind = STATIC.get(path.suffix)
    if kind is None or path.parent != FOLDER / "static" or not path.is_file():
        return None
    return path.read_bytes(), kind


def waited(seconds: float) -> str:
    """``4:07``, ``2 h 05``, ``3 d``: the same forms that the page's clock shows."""
    whole = max(0, int(seconds))
    if whole < HOUR_S:
        return f"{whole // 60}:{whole % 60:02}"
    if whole < DAY_S:
        return f"{whole // HOUR_S} h {whole % HOUR_S // 60:02}"
    return f"{whole // DAY_S} d"


def marked(text: str, evidence: Iterable[str]) -> Markup:
    """The text as HTML, with the first place of each piece of evidence highlighted."""
    spans = sorted({(at, at + len(one)) for one in evidence if one and (at := text.find(one)) >= 0})
    shown, done = Markup(""), 0
    for start, end in spans:
        if start >= done:
            shown += escape(text[done:start]) + Markup("<mark>%s</mark>") % text[start:end]
            done = end
    return shown + escape(text[done:])


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
