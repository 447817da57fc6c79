"""How well the knowledge base finds the right article, and how well it knows when it has none."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import Final

from pydantic import BaseModel, ConfigDict

from knowledge.build import build_knowledge
from knowledge.concepts import Concepts
from knowledge.features import Features
from knowledge.learning import learn_topics
from knowledge.phrasings import NONE, Phrasing, read_concepts, read_phrasings
from knowledge.port import Knowledge
from tools.policy.loader import load_policy
from tools.policy.localised import LANGUAGES, localised_figures

ROOT: Final = Path(__file__).parents[1]
QUESTIONS: Final = Path(__file__).parent / "knowledge_questions"
_NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
_FOLDS: Final = 5
_CONFUSIONS: Final = 12


class Question(BaseModel):
    """A line of a question file; ``topic`` is ``none`` when no article answers it.

    ``also`` are other topics whose article would be an acceptable first answer.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    language: str
    text: str
    topic: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question: topics best first, whether any passage supports an answer, milliseconds taken."""

    question: Question
    topics: tuple[str, ...]
    supported: bool
    milliseconds: float

    @property
    def rank(self) -> int | None:
        """Place of the first acceptable topic, from 1; none when there was none."""
        right = {self.question.topic, *self.question.also}
        return next((place for place, topic in enumerate(self.topics, 1) if topic in right), None)


@dataclass(frozen=True, slots=True)
class Score:
    """Figures over some questions, 0..1. Recall and rank count answerable questions only.

    ``precision``: of the questions said to be supported, those that an article answers; ``support``: of the answerable,
    those said to be supported; ``silence``: of the unanswerable, those said not to be.
    """

    count: int
    recall_at_1: float
    recall_at_3: float
    reciprocal_rank: float
    precision: float
    support: float
    silence: float


def score(found: Sequence[Found]) -> Score:
    """The figures of these questions; a figure without questions is 1."""
    ours = [each for each in found if each.question.topic != NONE]
    others = [each for each in found if each.question.topic == NONE]
    return Score(
        count=len(found),
        recall_at_1=_share(each.rank == 1 for each in ours),
        recall_at_3=_share(each.rank is not None and each.rank <= 3 for each in ours),
        reciprocal_rank=_mean(1 / each.rank if each.rank else 0.0 for each in ours),
        precision=_share(each.question.topic != NONE for each in found if each.supported),
        support=_share(each.supported for each in ours),
        silence=_share(not each.supported for each in others),
    )


async def ask(knowledge: Knowledge, questions: Iterable[Question]) -> list[Found]:
    """Search for each question; support is judged on the first three passages, as the agent sees them."""
    found = []
    for question in questions:
        start = perf_counter()
        shown = await knowledge.search(question.text, question.language)
        taken = (perf_counter() - start) * 1000
        ranked = await knowledge.search(question.text, question.language, limit=30)
        topics = tuple(dict.fromkeys(passage.topic for passage in ranked))
        found.append(Found(question, topics, any(passage.supports for passage in shown), taken))
    return found


def cross_validate(phrasings: Sequence[Phrasing], concepts: Concepts) -> list[Found]:
    """The topic ranker alone, on phrasings it has not learnt: every fifth line is held out in turn."""
    found = []
    for fold in range(_FOLDS):
        learnt = [phrasing for at, phrasing in enumerate(phrasings) if at % _FOLDS != fold]
        model = learn_topics(learnt, Features.learn([phrasing.text for phrasing in learnt], concepts))
        for at, phrasing in enumerate(phrasings):
            if at % _FOLDS == fold:
                question = Question(id=str(at), language=phrasing.language, text=phrasing.text, topic=phrasing.topic)
                start = perf_counter()
                reading = model.read(phrasing.text)
                taken = (perf_counter() - start) * 1000
                chances = reading.chances
                topics = sorted((topic for topic in chances if topic != NONE), key=lambda topic: -chances[topic])
                found.append(Found(question, tuple(topics), reading.answerable, taken))
    return found


def read_questions(path: Path) -> list[Question]:
    """One question a line of a JSON Lines file, or of every such file in a folder."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [Question.model_validate_json(line) for line in lines]


def open_demo(data_dir: Path) -> Knowledge:
    """The shipped articles with the demo shop's figures, indexed in that folder."""
    policy = load_policy(ROOT / "tools" / "policy" / "demo")
    figures = {language: localised_figures(policy, language) for language in LANGUAGES}
    return build_knowledge(data_dir, ROOT / "knowledge" / "articles", figures, lambda: _NOW)


def report(title: str, found: Sequence[Found]) -> str:
    """A table by language and topic, and the topics most often taken for one another."""
    lines = [f"{title}: {len(found)} questions", _HEADER, _row("all", found)]
    lines += [_row(language, _of_language(found, language)) for language in LANGUAGES]
    topics = sorted({each.question.topic for each in found} - {NONE})
    lines += [_row(topic, [each for each in found if each.question.topic == topic]) for topic in topics]
    confused = Counter(
        (each.question.topic, each.topics[0])
        for each in found
        if each.topics and each.question.topic != NONE and each.rank != 1
    )
    lines += [f"  {wanted} taken for {got}: {count}" for (wanted, got), count in confused.most_common(_CONFUSIONS)]
    lines.append(f"  p50 {median(each.milliseconds for each in found):.2f} ms")
    return "\n".join(lines)


def main(paths: Sequence[Path] = ()) -> None:
    """Print the tables: question files given or shipped, and cross-validation on the phrasings."""
    files = paths or ([QUESTIONS] if any(QUESTIONS.glob("*.jsonl")) else [])
    with tempfile.TemporaryDirectory() as folder:
        knowledge = open_demo(Path(folder))
        for path in files:
            print(report(str(path), asyncio.run(ask(knowledge, read_questions(path)))), end="\n\n")
    phrasings = read_phrasings()
    print(report("phrasings, cross-validated", cross_validate(phrasings, Concepts.of(read_concepts()))))


_HEADER: Final = f"  {'':20} {'n':>5} {'R@1':>6} {'R@3':>6} {'MRR':>6} {'prec.':>6} {'supp.':>6} {'silent':>6}"


def _row(name: str, found: Sequence[Found]) -> str:
    figures = score(found)
    return (
        f"  {name:20} {figures.count:5} {figures.recall_at_1:6.3f} {figures.recall_at_3:6.3f} "
        f"{figures.reciprocal_rank:6.3f} {figures.precision:6.3f} {figures.support:6.3f} {figures.silence:6.3f}"
    )


def _of_language(found: Iterable[Found], language: str) -> list[Found]:
    return [each for each in found if each.question.language == language]


def _share(flags: Iterable[bool]) -> float:
    return _mean(float(flag) for flag in flags)


def _mean(values: Iterable[float]) -> float:
    counted = list(values)
    return fmean(counted) if counted else 1.0
