"""Whether the languages of a pair end alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from evals.suite.check import Check, Outcome
from evals.suite.trajectory import Trajectory


def signature(trajectory: Trajectory) -> dict[str, Any]:
    """How it ended, without what differs by shop and language: names, amounts, words."""
    changed = Counter(
        f"{one.table}: {', '.join(sorted(one.fields))}"
        for one in trajectory.changes or ()
        if one.table in ("order", "customer")
    )
    return {
        "ended": trajectory.ended,
        "status": trajectory.status,
        "actions": sorted(f"{one['kind']} {one['status']}" for one in trajectory.actions),
        "handoffs": sorted(f"{one.queue} {one.status}" for one in trajectory.handoffs),
        "changed": dict(sorted(changed.items())),
        "identity": trajectory.turns[-1].standing.level if trajectory.turns else 0,
    }


def compare_pairs(trajectories: Iterable[Trajectory]) -> Iterator[Check]:
    """A check for each pair that was played in more than one language, by its first trial."""
    pairs: dict[str, dict[str, dict[str, Any]]] = {}
    for one in trajectories:
        if one.trial == 0:
            pairs.setdefault(one.case.pair, {})[one.language] = signature(one)
    for pair, ends in sorted(pairs.items()):
        if len(ends) > 1:
            alike = len({json.dumps(end, sort_keys=True) for end in ends.values()}) == 1
            outcome = Outcome.PASS if alike else Outcome.FAIL
            detail = "" if alike else f"{', '.join(sorted(ends))} end differently"
            yield Check(grader="parity", name=pair, outcome=outcome, detail=detail, actual=dict(sorted(ends.items())))
