"""How well messages are read: labels, entities, yes and no, language, time; by language, label and slice."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from time import thread_time
from zoneinfo import ZoneInfo

from agent.understanding.digest import MODEL, model_is_current
from agent.understanding.reader import Reader
from agent.understanding.training import train
from evals.understanding_cases import Case, MessageSet, load_sets
from evals.understanding_report import draw_confusion, write_table
from evals.understanding_scores import Scores, details, figures, short_of_aims

_NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
_ZONE = ZoneInfo("America/Mexico_City")
_OUR_OWN = ("blind", "dev")
_WARM = 50
"""Messages read before the clock counts: the first ones fill the caches of words."""


def evaluate(reader: Reader, sets: Sequence[MessageSet]) -> list[Scores]:
    """Read every case and score it, one ``Scores`` a set and language."""
    for case in [case for each in sets for case in each.cases][:_WARM]:
        reader.read(case.text, now=_NOW, zone=_ZONE)
    found: list[Scores] = []
    for each in sets:
        for language in sorted({case.language for case in each.cases}):
            scores = Scores(f"{each.name} {language}")
            for case in each.cases:
                if case.language == language:
                    _read(reader, case, scores)
            found.append(scores)
    return found


def _read(reader: Reader, case: Case, scores: Scores) -> None:
    started = thread_time()
    reading = reader.read(case.text, now=_NOW, zone=_ZONE)
    scores.add(case, reading, thread_time() - started)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the headline figures; given a folder also write the whole report there."""
    parser = ArgumentParser(prog="postventa eval understanding")
    parser.add_argument("--model", type=Path, default=MODEL, help="trained weights; trained anew when stale")
    parser.add_argument("out", type=Path, nargs="?", help="folder for understanding.{md,json} and confusion-*.svg")
    parser.add_argument("--details", action="store_true", help="also print every label, entity and slice")
    chosen = parser.parse_args(argv)
    if not model_is_current(chosen.model):
        train(out_path=chosen.model)
    sets = load_sets()
    found = evaluate(Reader.load(chosen.model), sets)
    sys.stdout.write(headline(found, sets))
    if chosen.details:
        sys.stdout.write(_detailed(found))
    if chosen.out:
        write_report(chosen.out, found, sets)
        print(f"per label, entity and slice, with the confusion matrices: {chosen.out / 'understanding.md'}")
    return 0


def headline(found: Sequence[Scores], sets: Sequence[MessageSet]) -> str:
    """The table of headline figures, what was not there to measure with, and the aims that our own sets miss."""
    text = StringIO()
    write_table([figures(scores) for scores in found], text)
    for absent in (each for each in sets if each.missing):
        text.write(f"not measured: {absent.name}: {absent.missing}\n")
    for scores in found:
        missed = short_of_aims(figures(scores))
        if missed and scores.name.startswith(_OUR_OWN):
            text.write(f"short of its aims: {scores.name}: {'; '.join(missed)}\n")
    return text.getvalue()


def write_report(out: Path, found: Sequence[Scores], sets: Sequence[MessageSet]) -> None:
    """``understanding.md`` and ``.json`` with every figure, and a confusion matrix a set and language as SVG."""
    out.mkdir(parents=True, exist_ok=True)
    rows = [figures(scores) | {"details": details(scores)} for scores in found]
    (out / "understanding.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    pictures = []
    for scores in (scores for scores in found if scores.confusion):
        name = f"confusion-{scores.name.replace(' ', '-')}.svg"
        (out / name).write_text(draw_confusion(scores.name, scores.confusion), "utf-8")
        pictures.append(f"![{scores.name}]({name})\n\n")
    text = f"# Understanding\n\n{headline(found, sets)}\n{_detailed(found)}\n{''.join(pictures)}"
    (out / "understanding.md").write_text(text, "utf-8")


def _detailed(found: Sequence[Scores]) -> str:
    text = StringIO()
    for scores in found:
        text.write(f"## {scores.name}\n\n")
        write_table(details(scores), text)
    return text.getvalue()


if __name__ == "__main__":
    sys.exit(main())
