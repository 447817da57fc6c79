"""A passage of an article in short: its first sentences, and of its list the rows that were asked about."""

from __future__ import annotations

import re

from agent.loop.embedded.vocabulary import meaning_of
from agent.understanding.text import fold

SENTENCES = 3
ROWS = 8
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
MARKS = re.compile(r"[*_`]|\[([^\]]*)\]\([^)]*\)")


def quote(text: str, question: str, country: str = "") -> str:
    """The first sentences, without Markdown. A list keeps its rows as lines: the one of the ``country`` (two letters) or those
    whose heading the question names, where there are such, else the first of them.
    """
    rows, prose = _parted(text)
    lead = " ".join(SENTENCE_END.split(" ".join(prose))[: SENTENCES if not rows else SENTENCES - 1])
    shown = _asked_about(rows, question, country)
    if len(shown) == 1 and len(rows) > 1 and lead.endswith(":"):
        head, _, value = shown[0].partition(": ")
        return f"{lead} {value} ({head})." if value else f"{lead} {head}."
    return "\n".join(part for part in (lead, *(f"- {row}" for row in shown[:ROWS])) if part)


def lists_countries(text: str) -> bool:
    """Whether its list says something else for each country."""
    return sum(bool(_country_of(row)) for row in _parted(text)[0]) > 1


def _parted(text: str) -> tuple[list[str], list[str]]:
    """The rows of the list and the lines of prose before it; prose after a list is left out, but not before one."""
    lines = [MARKS.sub(r"\1", line).strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("#", "|"))]
    rows = [line[2:].strip() for line in lines if line.startswith("- ")]
    prose = [line for line in lines if not line.startswith("- ")]
    if rows and prose and lines[0].startswith("- "):
        return rows, []
    first = next((at for at, line in enumerate(lines) if line.startswith("- ")), len(lines))
    return rows, lines[:first]


def _asked_about(rows: list[str], question: str, country: str) -> list[str]:
    own = [row for row in rows if country and _country_of(row) == country]
    words = set(re.findall(r"[a-z0-9]+", fold(question)))
    named = [row for row in rows if ":" in row and set(re.findall(r"[a-z0-9]+", fold(row.partition(":")[0]))) <= words]
    return own or named or rows


def _country_of(row: str) -> str:
    return meaning_of("country", row.partition(":")[0])
