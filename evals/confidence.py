"""Measures how far the reader's scores can be trusted, and writes the knots of ``agent/loop/confidence.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.loop.confidence import HEARD, KNOTS, Confidence, is_plain, raw_score
from agent.understanding.reader import Reader
from agent.understanding.reading import Intent
from evals.understanding_cases import Case, load_sets

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Mexico_City")
OWN = "dev"
SMALLEST = 25
"""Messages a step must rest on."""

HEAD = """# Share of the development messages read exactly right (every intent, none too many), by the score of the doubtfulest intent.
# Written by `postventa eval confidence --write`. These sets were looked at while examples were written: the shares flatter.
knots:
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with the score it was read with, and whether it was read exactly right."""

    score: float
    right: bool


def judge(cases: Sequence[Case], reader: Reader) -> list[Judged]:
    """Those that hybrid mode would look at the score of at all."""
    judged = []
    for case in cases:
        reading = reader.read(case.text, now=NOW, zone=ZONE)
        if is_plain(reading):
            read = {one.name for one in reading.intents if one.score >= HEARD}
            judged.append(Judged(raw_score(reading), _is_right(case, read)))
    return judged


def fit(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Rising steps: neighbours are pooled until each rests on enough messages and none is lower than the one before."""
    steps: list[list[float]] = []  # lowest score, right, all
    for one in sorted(judged, key=lambda one: one.score):
        steps.append([one.score, float(one.right), 1.0])
        while len(steps) > 1 and (
            steps[-2][2] < SMALLEST or steps[-1][1] / steps[-1][2] <= steps[-2][1] / steps[-2][2]
        ):
            _, right, all_ = steps.pop()
            steps[-1][1] += right
            steps[-1][2] += all_
    return [(round(lowest, 3), round(right / all_, 3)) for lowest, right, all_ in steps]


def run_confidence(data_dir: Path, *, write: bool, path: Path = KNOTS) -> int:
    """Print the reliability of each set; with ``write`` keep the knots fitted on our own."""
    from agent.app.thinking import open_reader  # noqa: PLC0415  seconds of imports

    reader = open_reader(data_dir)
    sets = {one.name: judge(one.cases, reader) for one in load_sets() if one.cases}
    own = [one for name, judged in sets.items() if name.startswith(OWN) for one in judged]
    if write:
        rows = "".join(f"  - [{score}, {share}]\n" for score, share in fit(own))
        path.write_text(HEAD + rows, encoding="utf-8")
    confidence = Confidence.load(0.9, path)
    print(f"{'set':14} {'wanted':>6} {'covered':>8} {'right of those':>15} {'said':>6}")
    for name, judged in sets.items():
        for wanted in (0.8, 0.9, 0.95):
            print(f"{name:14} {wanted:6.2f} {_row(judged, confidence, wanted)}")
    return 0


def _is_right(case: Case, read: set[Intent]) -> bool:
    """Exactly the labelled ones; where a label leaves several open, none besides them."""
    wanted = set(case.intents)
    return bool(read) and read <= wanted if case.any_of else read == wanted


def _row(judged: Sequence[Judged], confidence: Confidence, wanted: float) -> str:
    covered = [one for one in judged if confidence.share(one.score) >= wanted]
    if not covered:
        return f"{0:7.1%} {'-':>15} {'-':>6}"
    right = sum(one.right for one in covered) / len(covered)
    said = sum(confidence.share(one.score) for one in covered) / len(covered)
    return f"{len(covered) / len(judged):7.1%} {right:15.1%} {said:6.3f}"
