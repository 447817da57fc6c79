"""pass^k against what it must be, and intervals that hold what they should."""

from __future__ import annotations

import random
from itertools import combinations

from evals.suite.check import Outcome
from evals.suite.grading import Result
from evals.suite.reliability import pass_hat, reliability, wilson


def results(passes: dict[str, list[bool]]) -> list[Result]:
    return [
        Result(
            key=f"{case}#{trial}", case=case, pair=case.rpartition(".")[0], area="a", language="es", tags=(), title="t",
            trial=trial, outcome=Outcome.PASS if passed else Outcome.FAIL, ended="done", why="", checks=(),
        )
        for case, runs in passes.items()
        for trial, passed in enumerate(runs)
    ]  # fmt: skip


def test_pass_hat_is_the_share_of_draws_that_all_pass() -> None:
    runs = [True, True, True, False, False]
    for k in range(1, 6):
        drawn = list(combinations(runs, k))
        assert pass_hat(3, 5, k) == sum(all(one) for one in drawn) / len(drawn)


def test_pass_hat_is_unbiased() -> None:
    chance, p, k = random.Random(5), 0.8, 3
    found = [pass_hat(sum(chance.random() < p for _ in range(5)), 5, k) for _ in range(40_000)]
    assert abs(sum(found) / len(found) - p**k) < 0.005


def test_it_falls_with_k_and_lies_in_its_interval() -> None:
    chance = random.Random(3)
    run = results({f"p{n}.es": [chance.random() < 0.85 for _ in range(5)] for n in range(30)})
    found = reliability(run)
    assert list(found) == [1, 2, 3, 4, 5]
    values = [one.value for one in found.values()]
    assert values == sorted(values, reverse=True)
    assert all(one.low <= one.value <= one.high for one in found.values())
    assert found == reliability(run)


def test_few_cases_that_all_pass_are_not_certain() -> None:
    found = reliability(results({f"p{n}.es": [True] * 3 for n in range(4)}))
    assert found[3].value == 1.0
    assert found[3].low < 0.6


def test_a_case_not_evaluated_is_left_out() -> None:
    run = results({"a.es": [True, True], "b.es": [False, False]})
    unseen = [one.model_copy(update={"outcome": Outcome.NOT_EVALUATED}) if one.case == "b.es" else one for one in run]
    assert reliability(unseen)[1].value == 1.0
    assert reliability([]) == {}


def test_wilson() -> None:
    half = wilson(5, 10)
    assert (round(half.low, 3), round(half.high, 3)) == (0.237, 0.763)
    assert wilson(0, 0).high == 1.0
    assert wilson(10, 10).high == 1.0
