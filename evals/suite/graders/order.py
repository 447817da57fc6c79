"""Events in their order, whatever else happens between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evals.suite.check import Check, failed, passed
from evals.suite.trajectory import Timing, Trajectory, TurnRecord

NAME: Final = "order"


def grade(trajectory: Trajectory, _: Timing | None) -> Iterator[Check]:
    """One check, at the first event that is not found after the one before."""
    wanted = trajectory.case.expect.order
    if not wanted:
        return
    happened = [event for turn in trajectory.counted for event in events_of(turn)]
    at = 0
    for event in wanted:
        try:
            at = happened.index(event, at) + 1
        except ValueError:
            yield failed(NAME, "the order", f"{event} does not come then", expected=list(wanted), actual=happened)
            return
    yield passed(NAME, "the order", expected=list(wanted), actual=happened)


def events_of(turn: TurnRecord) -> Iterator[str]:
    """What happened in a turn, by the names that cases use."""
    yield "say" if turn.said.kind == "message" else f"press:{turn.said.kind}"
    yield from (f"tool:{call.name}" for call in turn.tools)
    yield from (f"action:{one['status']}:{one['kind']}" for one in turn.actions)
    if turn.handoff:
        yield f"handoff:{turn.handoff['status']}"
    if turn.reply:
        yield "reply"
