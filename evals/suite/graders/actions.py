"""The actions of the conversation as they stand at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from evals.suite.casefile.expect import WantedAction
from evals.suite.check import Check, judged
from evals.suite.comparing import differences, pair_up
from evals.suite.trajectory import Timing, Trajectory

NAME: Final = "actions"


def grade(trajectory: Trajectory, _: Timing | None) -> Iterator[Check]:
    """One check: just these actions, in no order."""
    wanted = trajectory.case.expect.actions
    if wanted is None:
        return
    over, missing = pair_up(trajectory.actions, wanted, _fits)
    faults = [f"no {wanted[index].kind} is {wanted[index].status.value}" for index in missing]
    faults += [
        f"{told['kind']} of {told['order']} is {told['status']}" for told in (trajectory.actions[n] for n in over)
    ]
    yield judged(
        NAME,
        "the actions",
        faults,
        expected=[one.model_dump(mode="json", exclude_defaults=True) for one in wanted],
        actual=[{name: one[name] for name in ("kind", "status", "order", "after")} for one in trajectory.actions],
    )


def _fits(action: Mapping[str, Any], wanted: WantedAction) -> bool:
    return (
        action["kind"] == wanted.kind
        and action["status"] == wanted.status.value
        and (wanted.order is None or action["order"] == wanted.order)
        and not differences(action["after"], wanted.after)
    )
