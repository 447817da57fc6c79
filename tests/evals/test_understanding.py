import os
from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from agent.understanding.digest import EXAMPLES
from agent.understanding.examples import load_examples
from agent.understanding.reading import Answer, Emotion, Entity, EntityKind, Intent, Reading, ScoredIntent
from agent.understanding.text import words_of
from evals.understanding import headline, write_report
from evals.understanding_cases import Case, MessageSet, load_sets
from evals.understanding_report import draw_confusion
from evals.understanding_scores import Scores, figures

_LIKE = 90.0
_TELLING, _PLAIN = 5, 8
"""Words from which on two messages that are alike are no accident: in sets written beside the examples, and in those written blind."""


@pytest.mark.parametrize("each", load_sets(), ids=lambda each: each.name)
def test_no_training_example_is_a_near_copy_of_a_test_message(each: MessageSet) -> None:
    if each.missing and not os.environ.get("CI"):
        pytest.skip(each.missing)
    assert not each.missing
    examples = sorted({" ".join(words_of(example.text)) for example in load_examples(EXAMPLES)})
    spoken = (" ".join(words_of(case.text)) for case in each.cases)
    enough = _TELLING if each.name in ("dev", "blind") else _PLAIN
    long = sorted({text for text in spoken if len(text.split()) >= enough})
    scores = process.cdist(long, examples, scorer=fuzz.ratio, score_cutoff=_LIKE, dtype=float)
    copies = [message for message, row in zip(long, scores, strict=True) if row.max(initial=0.0) >= _LIKE]
    assert copies == []


def reading(text: str, *intents: Intent, answer: Answer | None = None, number: str = "") -> Reading:
    at = text.find(number)
    entities = (Entity(EntityKind.ORDER_NUMBER, number, number, at, at + len(number)),) if number else ()
    scored = tuple(ScoredIntent(intent, 0.9) for intent in intents)
    return Reading(text, "en", True, scored, entities, Emotion(), answer)


def test_hits_alarms_and_misses_are_counted_label_by_label() -> None:
    scores = Scores("a set en")
    want = Case(
        "where is 10023? cancel it", "en", (Intent.ORDER_STATUS, Intent.CANCEL_ORDER), {"order_number": ("10023",)}
    )
    scores.add(want, reading(want.text, Intent.ORDER_STATUS, Intent.INVOICE, number="10023"), 0.001)
    no = Case("no", "en", (Intent.DENY,), slices=("short",))
    scores.add(no, reading(no.text, Intent.AFFIRM, answer=Answer.YES), 0.001)
    row = figures(scores)
    assert (row["multi"], row["false_yes"], row["order_number"], row["exact"]) == (0.0, 0.5, 1.0, 0.0)
    assert row["macro_f1"] == round(1 / 3, 3)
    assert (scores.labels["cancel_order"].misses, scores.labels["invoice"].alarms) == (1, 1)
    assert scores.slices["short"] == [0, 1]


def test_the_order_of_two_intents_matters() -> None:
    scores = Scores("a set en")
    scores.add(
        Case("a, b", "en", (Intent.INVOICE, Intent.ORDER_STATUS)),
        reading("a, b", Intent.ORDER_STATUS, Intent.INVOICE),
        0.0,
    )
    assert figures(scores)["multi"] == 0.0


def test_the_report_has_every_set_slice_and_picture_and_says_what_misses_its_aim(tmp_path: Path) -> None:
    scores = Scores("dev en")
    scores.add(Case("hi", "en", (Intent.GREETING,), slices=("short",)), reading("hi", Intent.OUT_OF_SCOPE), 0.0)
    sets = (MessageSet("clinc", missing="clinc.json is not there"),)
    assert "short of its aims: dev en: macro_f1 0.0 (aim 0.9)" in headline([scores], sets)
    write_report(tmp_path, [scores], sets)
    report = (tmp_path / "understanding.md").read_text("utf-8")
    assert "not measured: clinc" in report
    assert "| dev en | slice | short | 1 |" in report
    assert "![dev en](confusion-dev-en.svg)" in report
    assert ">1</text>" in (tmp_path / "confusion-dev-en.svg").read_text("utf-8")


def test_every_public_set_is_used_with_its_labels() -> None:
    sets = {each.name: each for each in load_sets()}
    assert {"dev", "dev2", "authored", "clinc", "bitext", "tau"} <= set(sets)
    for each in sets.values():
        if each.missing and not os.environ.get("CI"):
            continue
        assert each.cases
        assert sum(bool(case.intents) for case in each.cases) > len(each.cases) / 2


def test_the_confusion_matrix_is_drawn_with_every_count() -> None:
    picture = draw_confusion("es", Counter({("invoice", "invoice"): 7, ("invoice", "order_status"): 2}))
    assert picture.startswith("<svg")
    assert ">7</text>" in picture
    assert ">2</text>" in picture
