import os
from collections import Counter

import pytest
from rapidfuzz import fuzz, process

from agent.understanding.digest import EXAMPLES
from agent.understanding.examples import load_examples
from agent.understanding.text import fold
from evals.understanding_cases import MessageSet, load_sets
from evals.understanding_report import draw_confusion

_LIKE = 92.0
_LONG = 20


@pytest.mark.parametrize("each", load_sets(), ids=lambda each: each.name)
def test_no_training_example_is_a_near_copy_of_a_test_message(each: MessageSet) -> None:
    if each.missing and not os.environ.get("CI"):
        pytest.skip(each.missing)
    assert not each.missing
    examples = sorted({fold(example.text) for example in load_examples(EXAMPLES)})
    long = [fold(case.text) for case in each.cases if len(case.text) >= _LONG]
    scores = process.cdist(long, examples, scorer=fuzz.ratio, score_cutoff=_LIKE)
    copies = [message for message, row in zip(long, scores, strict=True) if row.max(initial=0.0) >= _LIKE]
    assert copies == []


def test_the_confusion_matrix_is_drawn_with_every_count() -> None:
    picture = draw_confusion("es", Counter({("invoice", "invoice"): 7, ("invoice", "order_status"): 2}))
    assert picture.startswith("<svg")
    assert ">7</text>" in picture
    assert ">2</text>" in picture
