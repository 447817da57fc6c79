"""Charts as SVG text. Colours are the page's custom properties, so that they follow light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from evals.suite.reliability import Estimate

WIDTH: Final = 340
LEFT: Final = 112
SPAN: Final = WIDTH - LEFT - 66


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: a share of the whole, what is written beside it, and the share of it that failed."""

    name: str
    share: float
    label: str
    failed: float = 0.0
    kind: str = "fill"


def bars(rows: Sequence[Bar], title: str) -> str:
    """Horizontal bars; what failed stands behind what passed, in its own colour."""
    height = 26 * len(rows) + 6
    parts = [_axis(height)]
    for index, one in enumerate(rows):
        y = 4 + 26 * index
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 13}" class="name">{escape(one.name)}</text>',
            f'<rect x="{LEFT}" y="{y + 2}" width="{SPAN}" height="15" rx="3" class="track"/>',
            _stretch(y, one.share + one.failed, "bad") if one.failed else "",
            _stretch(y, one.share, one.kind),
            f'<text x="{LEFT + SPAN + 8}" y="{y + 13}" class="value">{escape(one.label)}</text>',
        ]
    return _svg(height, parts, title)


def intervals(rows: Sequence[tuple[str, Estimate]], title: str) -> str:
    """A dot with its interval for each row."""
    height = 26 * len(rows) + 22
    parts = [_axis(height - 16), _ticks(height)]
    for index, (name, one) in enumerate(rows):
        y = 14 + 26 * index
        low, high, at = (LEFT + value * SPAN for value in (one.low, one.high, one.value))
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 4}" class="name">{escape(name)}</text>',
            f'<line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}" class="interval"/>',
            f'<circle cx="{at:.1f}" cy="{y}" r="5" class="dot"/>',
            f'<text x="{LEFT + SPAN + 8}" y="{y + 4}" class="value">{one.value:.1%}</text>',
        ]
    return _svg(height, parts, title)


def falling(found: Mapping[int, Estimate], title: str) -> str:
    """pass^k: a line through the estimates, in the band of their intervals."""
    height, left, bottom, span = 168, 38, 140, WIDTH - 38 - 16
    ks = list(found)
    x = {k: left + (span * index / max(1, len(ks) - 1) if len(ks) > 1 else span / 2) for index, k in enumerate(ks)}
    floor = max(0.0, min(0.9, min(one.low for one in found.values()) - 0.05))

    def y(value: float) -> float:
        return bottom - (value - floor) / (1 - floor) * (bottom - 12)

    upper = " ".join(f"{x[k]:.1f},{y(found[k].high):.1f}" for k in ks)
    lower = " ".join(f"{x[k]:.1f},{y(found[k].low):.1f}" for k in reversed(ks))
    line = " ".join(f"{x[k]:.1f},{y(found[k].value):.1f}" for k in ks)
    grid = [floor + (1 - floor) * part / 2 for part in range(3)]
    parts = [
        *(f'<line x1="{left}" y1="{y(one):.1f}" x2="{WIDTH - 8}" y2="{y(one):.1f}" class="grid"/>' for one in grid),
        *(f'<text x="{left - 6}" y="{y(one) + 4:.1f}" class="name">{one:.0%}</text>' for one in grid),
        f'<polygon points="{upper} {lower}" class="band"/>' if len(ks) > 1 else "",
        f'<polyline points="{line}" class="line"/>',
    ]
    for k in ks:
        label = f"pass^{k} {found[k]}"
        parts += [
            f'<circle cx="{x[k]:.1f}" cy="{y(found[k].value):.1f}" r="4.5" class="dot"><title>{escape(label)}</title></circle>',
            f'<text x="{x[k]:.1f}" y="{bottom + 18}" class="middle">{k}</text>',
        ]
    return _svg(height, parts, title)


def columns(counts: Sequence[tuple[str, int]], title: str) -> str:
    """A histogram."""
    height, bottom = 150, 122
    most = max((count for _, count in counts), default=0) or 1
    wide = (WIDTH - 20) / max(1, len(counts))
    parts = []
    for index, (name, count) in enumerate(counts):
        x, tall = 10 + wide * index, (bottom - 22) * count / most
        parts += [
            f'<rect x="{x + 2:.1f}" y="{bottom - tall:.1f}" width="{wide - 4:.1f}" height="{tall:.1f}" rx="2" class="fill"/>',
            f'<text x="{x + wide / 2:.1f}" y="{bottom + 16}" class="middle">{escape(name)}</text>',
            f'<text x="{x + wide / 2:.1f}" y="{bottom - tall - 5:.1f}" class="middle small">{count or ""}</text>',
        ]
    parts.append(f'<line x1="8" y1="{bottom}" x2="{WIDTH - 8}" y2="{bottom}" class="grid"/>')
    return _svg(height, parts, title)


def _stretch(y: int, share: float, kind: str) -> str:
    return f'<rect x="{LEFT}" y="{y + 2}" width="{share * SPAN:.1f}" height="15" rx="3" class="{kind}"/>'


def _axis(height: int) -> str:
    return "".join(
        f'<line x1="{LEFT + SPAN * part:.1f}" y1="0" x2="{LEFT + SPAN * part:.1f}" y2="{height}" class="grid"/>'
        for part in (0, 0.5, 1)
    )


def _ticks(height: int) -> str:
    return "".join(
        f'<text x="{LEFT + SPAN * part:.1f}" y="{height - 3}" class="middle">{part:.0%}</text>' for part in (0, 0.5, 1)
    )


def _svg(height: int, parts: Sequence[str], title: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>'
