"""The report of the reading of messages: tables of text, and the confusion matrix as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, TextIO

_CELL: Final = 22
_LEFT: Final = 170
_TOP: Final = 170


def write_table(rows: Sequence[Mapping[str, float | int | str]], to: TextIO) -> None:
    """Rows as a Markdown table; columns in the order first met, empty where a row lacks one."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if not columns:
        return
    to.write("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns) + "\n")
    for row in rows:
        to.write("| " + " | ".join(str(row.get(name, "")) for name in columns) + " |\n")
    to.write("\n")


def draw_confusion(title: str, confusion: Mapping[tuple[str, str], int]) -> str:
    """An SVG picture: wanted labels downwards, first label read across, each row shaded by its shares."""
    labels = sorted({label for pair in confusion for label in pair})
    totals = {wanted: sum(confusion.get((wanted, read), 0) for read in labels) for wanted in labels}
    width, height = _LEFT + _CELL * len(labels) + 60, _TOP + _CELL * len(labels) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        f'font-size="11" role="img" aria-label="{escape(title)}">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="8" y="20" font-size="14">{escape(title)}</text>',
        '<text x="8" y="38" fill="#555">down: what was said; across: what was read</text>',
    ]
    for place, label in enumerate(labels):
        middle = _CELL * place + _CELL // 2 + 4
        parts.append(f'<text x="{_LEFT - 6}" y="{_TOP + middle}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<text transform="translate({_LEFT + middle},{_TOP - 6}) rotate(-60)">{escape(label)}</text>')
    for down, wanted in enumerate(labels):
        for across, read in enumerate(labels):
            count = confusion.get((wanted, read), 0)
            if count:
                parts.append(_cell(down, across, count, count / totals[wanted]))
    return "\n".join([*parts, "</svg>\n"])


def _cell(down: int, across: int, count: int, share: float) -> str:
    x, y = _LEFT + _CELL * across, _TOP + _CELL * down
    hue = "34,139,94" if down == across else "200,60,50"
    ink = "#fff" if share > 0.6 else "#222"
    return (
        f'<rect x="{x}" y="{y}" width="{_CELL - 1}" height="{_CELL - 1}" fill="rgba({hue},{0.15 + 0.85 * share:.2f})"/>'
        f'<text x="{x + _CELL // 2}" y="{y + _CELL // 2 + 4}" text-anchor="middle" fill="{ink}">{count}</text>'
    )
