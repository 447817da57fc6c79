"""How well messages are read: labels, entities, yes and no, language, time; by language, label and slice."""

from __future__ import annotations

import json
import sys
from argparse import SUPPRESS, ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from agent.understanding.digest import model_is_current
from agent.understanding.reader import MODEL, Reader
from agent.understanding.reading import Answer, Intent, Reading
from agent.understanding.training import train
from evals.understanding_cases import Case, MessageSet, load_sets
from evals.understanding_report import draw_confusion, write_table

_NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
_ZONE = ZoneInfo("America/Mexico_City")


@dataclass(slots=True)
class Counts:
    """Hits, false alarms and misses of one thing."""

    hits: int = 0
    alarms: int = 0
    misses: int = 0

    @property
    def precision(self) -> float:
        """Share of what was read that is right; 1 when nothing was read."""
        return self.hits / (self.hits + self.alarms) if self.hits + self.alarms else 1.0

    @property
    def recall(self) -> float:
        """Share of what was there that was read; 1 when there was nothing."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.hits / (2 * self.hits + self.alarms + self.misses) if self.hits else 0.0


@dataclass(slots=True)
class Scores:
    """All figures of one language in one set."""

    name: str
    messages: int = 0
    exact: int = 0
    several: int = 0
    several_exact: int = 0
    not_yes: int = 0
    false_yes: int = 0
    long_enough: int = 0
    language_right: int = 0
    seconds: float = 0.0
    labels: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    entities: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    slices: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the labels that occur."""
        present = [counts.f1 for counts in self.labels.values() if counts.hits + counts.misses]
        return sum(present) / len(present) if present else 0.0


def evaluate(reader: Reader, sets: Sequence[MessageSet]) -> list[Scores]:
    """Read every case and score it, one ``Scores`` a set and language."""
    found: list[Scores] = []
    for each in sets:
        for language in sorted({case.language for case in each.cases}):
            scores = Scores(f"{each.name} {language}")
            for case in each.cases:
                if case.language == language:
                    _score(scores, case, _timed(reader, case, scores))
            found.append(scores)
    return found


def _timed(reader: Reader, case: Case, scores: Scores) -> Reading:
    started = perf_counter()
    reading = reader.read(case.text, now=_NOW, zone=_ZONE)
    scores.seconds += perf_counter() - started
    return reading


def _score(scores: Scores, case: Case, reading: Reading) -> None:
    scores.messages += 1
    if case.intents:
        _score_intents(scores, case, tuple(intent.name for intent in reading.intents))
        if Intent.AFFIRM not in case.intents or len(case.intents) > 1:
            scores.not_yes += 1
            scores.false_yes += reading.answer is Answer.YES
    if len(case.text.split()) >= 4:
        scores.long_enough += 1
        scores.language_right += reading.language == case.language
    if case.entities is not None:
        _score_entities(scores, case, reading)


def _score_intents(scores: Scores, case: Case, read: tuple[Intent, ...]) -> None:
    wanted = case.intents
    if case.any_of:
        wanted = (next((intent for intent in read if intent in wanted), wanted[0]),)
        read = wanted if wanted[0] in read else read
    right = read == wanted
    scores.exact += right
    if len(wanted) > 1:
        scores.several += 1
        scores.several_exact += right
    for intent in {*wanted, *read}:
        counts = scores.labels[intent.value]
        counts.hits += intent in wanted and intent in read
        counts.alarms += intent not in wanted
        counts.misses += intent not in read
    if len(wanted) == 1:
        scores.confusion[wanted[0].value, read[0].value if read else "-"] += 1
    for name in case.slices:
        scores.slices[name][0] += right
        scores.slices[name][1] += 1


def _score_entities(scores: Scores, case: Case, reading: Reading) -> None:
    read = [(entity.kind.value, entity.text.lower(), entity.value.lower()) for entity in reading.entities]
    for kind, wanted in (case.entities or {}).items():
        kinds = {kind, "time_window"} if kind == "date" else {kind}
        for span in wanted:
            same = any(k in kinds and _matches(kind, span.lower(), text, value) for k, text, value in read)
            scores.entities[kind].hits += same
            scores.entities[kind].misses += not same
    for kind, text, value in read:
        if kind in ("order_number", "email"):
            known = (case.entities or {}).get(kind, ())
            scores.entities[kind].alarms += not any(_matches(kind, span.lower(), text, value) for span in known)


def _matches(kind: str, span: str, text: str, value: str) -> bool:
    if kind in ("order_number", "email"):
        return span in (text, value) or span.lstrip("#") == value or span == text.lstrip("#")
    return span in text or text in span


def figures(scores: Scores) -> dict[str, float | int | str]:
    """The headline figures of one row, as the report prints them."""
    human, outside = scores.labels.get("human_agent", Counts()), scores.labels.get("out_of_scope", Counts())
    row: dict[str, float | int | str] = {"set": scores.name, "n": scores.messages}
    if scores.labels:
        row |= {
            "macro_f1": round(scores.macro_f1, 3),
            "exact": _share(scores.exact, scores.messages),
            "multi": _share(scores.several_exact, scores.several),
            "false_yes": _share(scores.false_yes, scores.not_yes),
            "human_recall": round(human.recall, 3),
            "human_precision": round(human.precision, 3),
            "oos_f1": round(outside.f1, 3),
        }
    for kind in ("order_number", "email"):
        if kind in scores.entities:
            row |= {kind: round(scores.entities[kind].f1, 3)}
    row["language"] = _share(scores.language_right, scores.long_enough)
    row["ms"] = round(1000 * scores.seconds / max(scores.messages, 1), 2)
    return row


def _share(part: int, whole: int) -> float | str:
    return round(part / whole, 4) if whole else ""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report; given a folder also write the figures as JSON and the confusion matrices as SVG."""
    parser = ArgumentParser(prog="postventa eval understanding")
    parser.add_argument("--model", type=Path, default=MODEL, help="trained weights; trained anew when stale")
    parser.add_argument("out", type=Path, nargs="?", help="folder for understanding.json and confusion-*.svg")
    parser.add_argument("--out", type=Path, dest="out_option", help=SUPPRESS)
    parser.add_argument("--details", action="store_true", help="also print every label, entity and slice")
    chosen = parser.parse_args(argv)
    if not model_is_current(chosen.model):
        train(out_path=chosen.model)
    sets = load_sets()
    found = evaluate(Reader.load(chosen.model), sets)
    write_table([figures(scores) for scores in found], sys.stdout)
    for absent in (each for each in sets if each.missing):
        print(f"not measured: {absent.name}: {absent.missing}")
    if chosen.details:
        for scores in found:
            write_table(details(scores), sys.stdout)
    out = chosen.out or chosen.out_option
    if out:
        out.mkdir(parents=True, exist_ok=True)
        rows = [figures(scores) | {"details": details(scores)} for scores in found]
        (out / "understanding.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
        for scores in found:
            picture = out / f"confusion-{scores.name.replace(' ', '-')}.svg"
            picture.write_text(draw_confusion(scores.name, scores.confusion), "utf-8")
    return 0


def details(scores: Scores) -> list[dict[str, float | int | str]]:
    """One row a label, an entity kind and a slice."""
    rows: list[dict[str, float | int | str]] = []
    for group, table in (("label", scores.labels), ("entity", scores.entities)):
        for name, counts in sorted(table.items()):
            number = counts.hits + counts.misses
            row: dict[str, float | int | str] = {"set": scores.name, "kind": group, "name": name, "n": number}
            row |= {
                "precision": round(counts.precision, 3),
                "recall": round(counts.recall, 3),
                "f1": round(counts.f1, 3),
            }
            rows.append(row)
    for name, (right, number) in sorted(scores.slices.items()):
        rows.append({"set": scores.name, "kind": "slice", "name": name, "n": number, "exact": _share(right, number)})
    return rows


if __name__ == "__main__":
    sys.exit(main())
