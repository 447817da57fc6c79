"""The floor that every change of words or figures has to keep on the development dialogues."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.app.thinking import open_escalation, open_reader
from evals.escalation import first_escalation, outcome_of, read_dialogues
from evals.escalation_grade import Outcome, score

SETS = Path(__file__).parents[3] / "evals" / "escalation_sets" / "dev"
NEVER_MISSED = {"human_request", "safety", "legal", "fraud"}


@pytest.fixture(scope="module")
def outcomes(library_folder: Path) -> list[Outcome]:
    policy, reader = open_escalation(library_folder), open_reader(library_folder)
    lines = [line for file in sorted(SETS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return [outcome_of(dialogue, first_escalation(policy, dialogue, reader)) for dialogue in read_dialogues(lines)]


def test_the_development_dialogues_keep_their_floor(outcomes: list[Outcome]) -> None:
    result = score(outcomes)
    assert result.recall >= 0.95
    assert result.alarms_per_100_stays <= 4
    assert result.latest <= 1


@pytest.mark.parametrize("reason", sorted(NEVER_MISSED))
def test_what_may_never_be_missed_is_not(outcomes: list[Outcome], reason: str) -> None:
    rows = [row for row in outcomes if row.wanted == reason]
    assert rows
    assert score(rows).missed == 0
