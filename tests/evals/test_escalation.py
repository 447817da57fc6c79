"""The grade is that of a classifier, with lateness and cost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from evals.escalation import Dialogue, main, outcome_of
from evals.escalation_grade import Outcome, of_reason, report, score

ROWS = [
    Outcome("a", "es", "safety", ("safety",), 0),
    Outcome("b", "es", "frustration", ("loop", "frustration"), 2),
    Outcome("c", "en", "legal", (), 0),
    Outcome("d", "en", None, ("value",), 0),
    Outcome("e", "pt", None, (), 0),
]


def test_the_counts_are_those_of_a_classifier() -> None:
    result = score(ROWS)
    assert (result.hits, result.missed, result.false_alarms, result.stays) == (2, 1, 1, 2)
    assert (result.precision, result.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (result.late_turns, result.latest, result.right_reason) == (2, 2, 2)
    assert result.alarms_per_100_stays == 50


def test_a_missed_threat_costs_more_than_anything_else() -> None:
    assert [row.cost for row in ROWS] == [0, 2, 20, 1, 0]


def test_the_report_has_both_baselines_and_every_mistake() -> None:
    text = report(ROWS)
    for part in ("do nothing", "always call", "missed       c legal", "false alarm  d value", "frustration -> loop: 1"):
        assert part in text


def test_a_false_alarm_belongs_to_the_reason_that_was_given_first() -> None:
    rows = [*ROWS, Outcome("f", "pt", "value", ("value",), 0)]
    value, legal = score(of_reason(rows, "value")), score(of_reason(rows, "legal"))
    assert (value.hits, value.false_alarms, value.stays, value.precision) == (1, 1, 2, 0.5)
    assert (legal.missed, legal.false_alarms, legal.alarms_per_100_stays) == (1, 0, 0)


def dialogue(by_turn: int | None, label: str | None = "escalate") -> Dialogue:
    turns = [{"who": who, "text": "x"} for who in ("shopper", "agent") * 3]
    row = {"id": "x", "language": "es", "turns": turns, "label": label, "reason": "loop", "by_turn": by_turn}
    return Dialogue.model_validate(row)


@pytest.mark.parametrize(("called", "late"), [(0, 0), (2, 0), (4, 1)])
def test_lateness_is_counted_in_turns_of_the_shopper(called: int, late: int) -> None:
    assert outcome_of(dialogue(2), (called, ())).late == late


def test_a_dialogue_without_a_label_is_not_graded() -> None:
    with pytest.raises(ValueError, match="x: has no label"):
        outcome_of(dialogue(2, label=None), None)


def test_one_decision_a_dialogue_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "dialogues.jsonl"
    texts = (["hola", "Hola.", "quiero hablar con una persona"], ["¿cuándo llega?"])
    rows = [
        {
            "id": str(n),
            "language": "es",
            "turns": [{"who": ("shopper", "agent")[i % 2], "text": t} for i, t in enumerate(ts)],
        }
        for n, ts in enumerate(texts)
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    assert main(["--text-only", str(file)]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["escalate"], first["turn"], first["reason"]) == (True, 2, "human_request")
    assert first["evidence"] == [{"reason": "human_request", "words": "quiero hablar con una persona", "turn": 2}]
    assert second == {"id": "1", "escalate": False, "turn": None, "reason": None, "evidence": []}


def test_the_authored_sample_is_run_where_it_is_at_hand() -> None:
    sample = Path(__file__).parents[3] / "shared" / "data" / "authored" / "escalation.jsonl"
    if not sample.exists():
        assert os.environ.get("CI") != "true", "the authored sample has to be beside the checkout in CI"
        pytest.skip(f"the authored sample is not beside this checkout: {sample}")
    assert main(["--grade", "--text-only", str(sample)]) == 0
