"""Pages for people: files that are read once, and templates that escape whatever they are given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2

FOLDER = Path(__file__).parent
ASSETS = {
    "shop.js": "text/javascript",
    "shop.css": "text/css",
    "print.js": "text/javascript",
    "page.css": "text/css",
    "icon.svg": "image/svg+xml",
}

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
)


def render(name: str, **values: Any) -> str:
    """A page. Values are escaped, except for what the template marks as HTML already."""
    return _templates.get_template(name).render(values)


def asset(name: str) -> bytes:
    """A file that a page asks for."""
    return (FOLDER / name).read_bytes()
