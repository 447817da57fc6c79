"""What was looked at, and what was found: passed, failed, or not evaluated."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from evals.suite.casefile.strict import Strict


class Outcome(StrEnum):
    """Not evaluated is neither: nothing could be seen, or nobody was there to judge."""

    PASS = "pass"
    FAIL = "fail"
    NOT_EVALUATED = "not_evaluated"


class Check(Strict):
    """One thing looked at. ``grader`` names who looked (``invariant:consent`` for an invariant), ``turn`` where (0: at the end)."""

    grader: str
    name: str
    outcome: Outcome
    detail: str = ""
    expected: Any = None
    actual: Any = None
    turn: int = 0


def passed(grader: str, name: str, **more: Any) -> Check:
    """It is as it should be."""
    return Check(grader=grader, name=name, outcome=Outcome.PASS, **more)


def failed(grader: str, name: str, detail: str, **more: Any) -> Check:
    """It is not."""
    return Check(grader=grader, name=name, outcome=Outcome.FAIL, detail=detail, **more)


def unseen(grader: str, name: str, detail: str, **more: Any) -> Check:
    """It could not be looked at."""
    return Check(grader=grader, name=name, outcome=Outcome.NOT_EVALUATED, detail=detail, **more)


def judged(grader: str, name: str, faults: list[str], **more: Any) -> Check:
    """Failed with these faults, or passed without any."""
    return failed(grader, name, "; ".join(faults), **more) if faults else passed(grader, name, **more)
