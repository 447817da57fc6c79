"""The verdict on a run: every invariant and every expectation looked at, three-valued."""

from __future__ import annotations

from evals.suite.casefile.strict import Strict
from evals.suite.check import Check, Outcome, failed, unseen
from evals.suite.graders import GRADERS
from evals.suite.invariants import check_all
from evals.suite.trajectory import Timing, Trajectory

PLAYED = ("done", "stuck", "too_long")


class Result(Strict):
    """What was found in one run. It passes when nothing failed and at least one expectation of its own was met."""

    key: str
    case: str
    pair: str
    area: str
    language: str
    tags: tuple[str, ...]
    title: str
    trial: int
    outcome: Outcome
    ended: str
    why: str
    checks: tuple[Check, ...]

    @property
    def failures(self) -> tuple[Check, ...]:
        """What failed."""
        return tuple(one for one in self.checks if one.outcome is Outcome.FAIL)


def grade(trajectory: Trajectory, timing: Timing | None = None, extra: tuple[Check, ...] = ()) -> Result:
    """Grade a stored run; ``extra`` are checks made elsewhere (a judge's)."""
    if trajectory.ended in PLAYED:
        asked = trajectory.case.expect.judge
        judge = extra or tuple(unseen("judge", one.question, "nobody was there to judge") for one in asked)
        checks = (*check_all(trajectory), *(one for grader in GRADERS for one in grader(trajectory, timing)), *judge)
    elif trajectory.ended == "error":
        checks = (failed("play", "the case can be played", trajectory.why),)
    else:
        checks = (unseen("play", "the case can be played", f"{trajectory.ended}: {trajectory.why}"),)
    if trajectory.ended == "too_long":
        checks += (failed("play", "it comes to an end", trajectory.why),)
    if trajectory.ended == "stuck":
        checks += (failed("play", "the shopper gets to the end", trajectory.why),)
    case = trajectory.case
    return Result(
        key=trajectory.key,
        case=case.id,
        pair=case.pair,
        area=case.area,
        language=case.language,
        tags=case.tags,
        title=case.title,
        trial=trajectory.trial,
        outcome=outcome_of(checks),
        ended=trajectory.ended,
        why=trajectory.why,
        checks=checks,
    )


def outcome_of(checks: tuple[Check, ...]) -> Outcome:
    """One failure fails it. Invariants, a judge's word, and that planted text was read do not make a pass by themselves."""
    if any(one.outcome is Outcome.FAIL for one in checks):
        return Outcome.FAIL
    own = [one for one in checks if not one.grader.startswith(("invariant:", "judge", "budget"))]
    hard = [one for one in own if one.outcome is Outcome.PASS and one.grader != "plants"]
    blind = any(one.outcome is Outcome.NOT_EVALUATED for one in own)
    return Outcome.PASS if hard and not blind else Outcome.NOT_EVALUATED
