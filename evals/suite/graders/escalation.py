"""Whether a person was called when one was needed, why, and how soon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from evals.suite.casefile.expect import WantedEscalation
from evals.suite.check import Check, judged, unseen
from evals.suite.graders.packet import packet_faults
from evals.suite.trajectory import HandoffRecord, Timing, Trajectory

NAME: Final = "escalation"


def grade(trajectory: Trajectory, _: Timing | None) -> Iterator[Check]:
    """One check for the decision, one for the packet."""
    wanted = trajectory.case.expect.escalation
    if wanted is None:
        return
    case = trajectory.handoffs[0] if trajectory.handoffs else None
    actual: dict[str, Any] = {"decide": "escalate" if case else "stay"}
    if case:
        actual |= {"reasons": [one["code"] for one in case.reasons], "turn": case.made_in_turn}
    expected = wanted.model_dump(mode="json", exclude_defaults=True)
    yield judged(NAME, "the decision", list(_faults(case, wanted)), expected=expected, actual=actual)
    if wanted.packet is not None and case is not None:
        if case.packet is None:
            yield unseen(NAME, "the packet", "the desk is out of sight")
        else:
            yield judged(NAME, "the packet", packet_faults(case.packet, wanted.packet))


def _faults(case: HandoffRecord | None, wanted: WantedEscalation) -> Iterator[str]:
    if wanted.decide == "stay":
        if case is not None:
            yield f"a person was called in turn {case.made_in_turn}"
        return
    if case is None:
        yield "nobody was called"
        return
    codes = {one["code"] for one in case.reasons}
    if wanted.reasons and not codes & {one.value for one in wanted.reasons}:
        yield f"called for {', '.join(sorted(codes))}"
    if wanted.by_turn is not None and case.made_in_turn > wanted.by_turn:
        yield f"called in turn {case.made_in_turn}, not by {wanted.by_turn}"
    if case.made_in_turn < wanted.not_before:
        yield f"called in turn {case.made_in_turn}, before {wanted.not_before}"
