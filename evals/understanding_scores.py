"""The figures of the reading of messages: hits, alarms and misses of labels, entities, answers and language."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from agent.understanding.reading import Answer, Intent, Reading
from evals.understanding_cases import Case

ENOUGH_WORDS = 4
"""From here on the language has to be known."""

AIMS = {
    "macro_f1": 0.90,
    "multi": 0.80,
    "order_number": 0.99,
    "email": 0.99,
    "false_yes": 0.002,
    "human_recall": 0.99,
    "human_precision": 0.97,
    "oos_f1": 0.85,
    "language": 0.99,
    "ms": 3.0,
}
"""What the reader should reach in each language; for ``false_yes`` and ``ms`` less is better."""

_LESS_IS_BETTER = frozenset({"false_yes", "ms"})

Row = dict[str, float | int | str]


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
    """All figures of one language in one set; ``seconds`` are those of the processor, a message each."""

    name: str
    messages: int = 0
    exact: int = 0
    several: int = 0
    several_exact: int = 0
    not_yes: int = 0
    false_yes: int = 0
    long_enough: int = 0
    language_right: int = 0
    seconds: list[float] = field(default_factory=list)
    labels: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    entities: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    answers: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    slices: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the labels that occur."""
        present = [counts.f1 for counts in self.labels.values() if counts.hits + counts.misses]
        return sum(present) / len(present) if present else 0.0

    def add(self, case: Case, reading: Reading, seconds: float) -> None:
        """Count one message."""
        self.messages += 1
        self.seconds.append(seconds)
        if case.intents:
            self._add_intents(case, tuple(intent.name for intent in reading.intents))
            self._add_answer(case, reading.answer)
        if len(case.text.split()) >= ENOUGH_WORDS:
            self.long_enough += 1
            self.language_right += reading.language == case.language
        if case.entities is not None:
            self._add_entities(case, reading)

    def _add_intents(self, case: Case, read: tuple[Intent, ...]) -> None:
        wanted = case.intents
        if case.any_of:
            wanted = (next((intent for intent in read if intent in wanted), wanted[0]),)
            read = wanted if wanted[0] in read else read
        right = read == wanted
        self.exact += right
        if len(wanted) > 1:
            self.several += 1
            self.several_exact += right
        for intent in {*wanted, *read}:
            counts = self.labels[intent.value]
            counts.hits += intent in wanted and intent in read
            counts.alarms += intent not in wanted
            counts.misses += intent not in read
        if len(wanted) == 1:
            self.confusion[wanted[0].value, read[0].value if read else "-"] += 1
        for name in case.slices:
            self.slices[name][0] += right
            self.slices[name][1] += 1

    def _add_answer(self, case: Case, read: Answer | None) -> None:
        """Where a set tells no answer, a yes with nothing but thanks is one."""
        assents = Intent.AFFIRM in case.intents and {*case.intents} <= {Intent.AFFIRM, Intent.THANKS_BYE}
        if not (case.answer == Answer.YES if case.answer is not None else assents):
            self.not_yes += 1
            self.false_yes += read is Answer.YES
        for answer in Answer if case.answer is not None else ():
            self.answers[answer.value].hits += case.answer == answer and read is answer
            self.answers[answer.value].alarms += case.answer != answer and read is answer
            self.answers[answer.value].misses += case.answer == answer and read is not answer

    def _add_entities(self, case: Case, reading: Reading) -> None:
        read = [(entity.kind.value, entity.text.lower(), entity.value.lower()) for entity in reading.entities]
        for kind, wanted in (case.entities or {}).items():
            kinds = {kind, "time_window"} if kind == "date" else {kind}
            for span in wanted:
                same = any(k in kinds and _matches(kind, span.lower(), text, value) for k, text, value in read)
                self.entities[kind].hits += same
                self.entities[kind].misses += not same
        for kind, text, value in read:
            if kind in ("order_number", "email"):
                known = (case.entities or {}).get(kind, ())
                self.entities[kind].alarms += not any(_matches(kind, span.lower(), text, value) for span in known)


def _matches(kind: str, span: str, text: str, value: str) -> bool:
    if kind in ("order_number", "email"):
        return span in (text, value) or span.lstrip("#") == value or span == text.lstrip("#")
    return span in text or text in span


def figures(scores: Scores) -> Row:
    """The headline figures of one row, as the report prints them; ``ms`` is the mean, ``ms_95`` the slow ones."""
    human, outside = scores.labels.get("human_agent", Counts()), scores.labels.get("out_of_scope", Counts())
    row: Row = {"set": scores.name, "n": scores.messages}
    if scores.labels:
        row |= {
            "macro_f1": round(scores.macro_f1, 3),
            "exact": _share(scores.exact, scores.messages),
            "multi": _share(scores.several_exact, scores.several),
            "false_yes": _share(scores.false_yes, scores.not_yes),
        }
    if human.hits + human.misses:
        row |= {"human_recall": round(human.recall, 3), "human_precision": round(human.precision, 3)}
    if outside.hits + outside.misses:
        row |= {"oos_f1": round(outside.f1, 3)}
    if "yes" in scores.answers:
        row |= {"yes_recall": round(scores.answers["yes"].recall, 3)}
    for kind in ("order_number", "email"):
        if kind in scores.entities:
            row |= {kind: round(scores.entities[kind].f1, 3)}
    row["language"] = _share(scores.language_right, scores.long_enough)
    row["ms"] = round(1000 * sum(scores.seconds) / max(scores.messages, 1), 2)
    row["ms_95"] = round(1000 * sorted(scores.seconds)[int(0.95 * len(scores.seconds))], 2) if scores.seconds else ""
    return row


def short_of_aims(row: Row) -> list[str]:
    """The figures of a row that miss their aim, each with the aim."""
    missed = []
    for name, aim in AIMS.items():
        figure = row.get(name, "")
        if isinstance(figure, (int, float)) and (figure > aim if name in _LESS_IS_BETTER else figure < aim):
            missed.append(f"{name} {figure} (aim {aim})")
    return missed


def details(scores: Scores) -> list[Row]:
    """One row a label, an entity kind, an answer and a slice."""
    rows: list[Row] = []
    for group, table in (("label", scores.labels), ("entity", scores.entities), ("answer", scores.answers)):
        for name, counts in sorted(table.items()):
            rows.append(
                {
                    "set": scores.name,
                    "kind": group,
                    "name": name,
                    "n": counts.hits + counts.misses,
                    "precision": round(counts.precision, 3),
                    "recall": round(counts.recall, 3),
                    "f1": round(counts.f1, 3),
                }
            )
    for name, (right, number) in sorted(scores.slices.items()):
        rows.append({"set": scores.name, "kind": "slice", "name": name, "n": number, "exact": _share(right, number)})
    return rows


def _share(part: int, whole: int) -> float | str:
    return round(part / whole, 4) if whole else ""
