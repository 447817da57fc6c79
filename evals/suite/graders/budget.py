"""What it took, against what it may take."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from evals.suite.check import Check, judged, unseen
from evals.suite.trajectory import Timing, Trajectory

NAME: Final = "budget"


def grade(trajectory: Trajectory, timing: Timing | None) -> Iterator[Check]:
    """One check for each limit set."""
    budget = trajectory.case.expect.budget
    if budget is None:
        return
    turns = trajectory.counted
    spent = {
        "turns": len(turns),
        "tool_calls": sum(len(one.tools) for one in turns),
        "asks": sum(len(one.asks) for one in turns),
        "cost": sum((Decimal(str((one.turn.get("usage") or {}).get("cost", "0"))) for one in turns), Decimal(0)),
        "latency_ms": max(timing.turns_ms, default=0) if timing else None,
    }
    for name, limit in budget.model_dump(exclude_none=True).items():
        taken = spent[name]
        if taken is None:
            yield unseen(NAME, name, "no times were kept")
        elif name == "latency_ms":  # times differ from run to run: the report says only whether it was kept
            yield judged(NAME, name, ["too slow"] if taken > limit else [], expected=limit)
        else:
            over = Decimal(str(taken)) > Decimal(str(limit))
            yield judged(NAME, name, [f"{taken} of {limit}"] if over else [], expected=limit, actual=str(taken))
