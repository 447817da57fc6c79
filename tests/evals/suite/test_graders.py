"""Each expectation fails for what it is there to find, and passes for what is so."""

from __future__ import annotations

from typing import Any

import pytest

from evals.suite.casefile.expect import Expect
from evals.suite.check import Outcome
from evals.suite.grading import grade
from evals.suite.trajectory import Timing, Trajectory

RIGHT = {"orders": {"10001": {"exchanges": [{"swaps": [{"new_variant_id": "brisa-mx-8-blanco"}]}]}}}


def expecting(trajectory: Trajectory, **expect: Any) -> Trajectory:
    case = trajectory.case.model_copy(update={"expect": Expect.model_validate({**RIGHT, **expect})})
    return trajectory.model_copy(update={"case": case})


def test_what_was_expected_passes(exchange: Trajectory) -> None:
    result = grade(exchange)
    assert result.outcome is Outcome.PASS, result.failures


@pytest.mark.parametrize(
    ("expect", "grader"),
    [
        ({"orders": {}, "status": "bot"}, "state"),
        ({"orders": {"10001": {"exchanges": [{"swaps": [{"new_variant_id": "brisa-mx-9-blanco"}]}]}}}, "state"),
        ({"orders": {**RIGHT["orders"], "10002": {}}}, "state"),
        ({"actions": [{"kind": "return_items", "status": "executed"}]}, "actions"),
        ({"actions": []}, "actions"),
        ({"handoffs": [{"reasons": ["human_request"]}]}, "handoffs"),
        ({"escalation": {"decide": "escalate"}}, "escalation"),
        ({"tools": {"calls": [{"name": "cancel_order"}]}}, "tools"),
        ({"tools": {"mode": "strict", "calls": []}}, "tools"),
        ({"order": ["action:executed:exchange_items", "action:proposed:exchange_items"]}, "order"),
        ({"replies": [{"turn": 1, "language": "en"}]}, "replies"),
        ({"replies": [{"turn": 1, "says": ["talla 9"]}]}, "replies"),
        ({"replies": [{"turn": 3}]}, "replies"),
        ({"replies": [{"turn": 1, "asks": []}]}, "replies"),
        ({"cites": ["no-such-article"]}, "citations"),
        ({"status": "queued"}, "status"),
        ({"budget": {"turns": 1}}, "budget"),
    ],
)
def test_what_was_not_expected_fails_by_its_grader(expect: dict[str, Any], grader: str, exchange: Trajectory) -> None:
    result = grade(expecting(exchange, **expect))
    assert {one.grader for one in result.failures} == {grader}
    assert result.outcome is Outcome.FAIL


def test_arguments_are_compared_by_their_mode(exchange: Trajectory) -> None:
    names = [call.name for turn in exchange.turns for call in turn.tools]
    call = next(call for turn in exchange.turns for call in turn.tools if call.arguments and "number" in call.arguments)
    for args, right in (
        ({"number": "10001"}, True),
        ({"number": "1000"}, False),
        ({"number": {"mode": "contains", "value": "000"}}, True),
        ({"number": {"mode": "regex", "value": "^1.*1$"}}, True),
        ({"number": {"mode": "any"}}, True),
        ({"colour": {"mode": "any"}}, False),
    ):
        result = grade(expecting(exchange, tools={"calls": [{"name": call.name, "args": args}]}))
        assert (result.outcome is Outcome.PASS) is right, args
    whole = [{"name": name} for name in names]
    assert grade(expecting(exchange, tools={"mode": "strict", "calls": whole})).outcome is Outcome.PASS
    assert grade(expecting(exchange, tools={"never": [call.name]})).outcome is Outcome.FAIL


def test_what_cannot_be_seen_is_not_evaluated(exchange: Trajectory) -> None:
    blind = exchange.model_copy(update={"changes": None})
    result = grade(blind)
    assert result.outcome is Outcome.NOT_EVALUATED
    judged = grade(expecting(exchange, judge=[{"question": "Was the agent kind to the shopper?"}]))
    assert [one.outcome for one in judged.checks if one.grader == "judge"] == [Outcome.NOT_EVALUATED]
    assert judged.outcome is Outcome.PASS


def test_a_slow_turn_breaks_the_budget(exchange: Trajectory) -> None:
    limited = expecting(exchange, budget={"latency_ms": 50})
    assert grade(limited, Timing(key=limited.key, turns_ms=(10, 60), total_ms=70)).outcome is Outcome.FAIL
    assert grade(limited, Timing(key=limited.key, turns_ms=(10, 40), total_ms=50)).outcome is Outcome.PASS
