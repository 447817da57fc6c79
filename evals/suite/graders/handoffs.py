"""Cases for people, as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evals.suite.casefile.expect import WantedHandoff
from evals.suite.check import Check, judged, unseen
from evals.suite.comparing import pair_up
from evals.suite.graders.packet import packet_faults
from evals.suite.trajectory import HandoffRecord, Timing, Trajectory

NAME: Final = "handoffs"


def grade(trajectory: Trajectory, _: Timing | None) -> Iterator[Check]:
    """One check for the list, one for each packet that is described."""
    wanted = trajectory.case.expect.handoffs
    if wanted is None:
        return
    over, missing = pair_up(trajectory.handoffs, wanted, _fits)
    faults = [f"no case for {', '.join(wanted[n].reasons) or 'anything'}" for n in missing]
    faults += [f"a case for {', '.join(_codes(trajectory.handoffs[n]))}, {trajectory.handoffs[n].queue}" for n in over]
    yield judged(
        NAME,
        "the cases",
        faults,
        expected=[one.model_dump(mode="json", exclude_defaults=True) for one in wanted],
        actual=[{"reasons": _codes(one), "queue": one.queue, "status": one.status} for one in trajectory.handoffs],
    )
    for one in wanted:
        record = next((record for record in trajectory.handoffs if _fits(record, one)), None)
        if one.packet is not None and record is not None:
            if record.packet is None:
                yield unseen(NAME, "the packet", "the desk is out of sight")
            else:
                faults = packet_faults(record.packet, one.packet)
                yield judged(NAME, "the packet", faults, expected=one.packet.model_dump(exclude_defaults=True))


def _fits(record: HandoffRecord, wanted: WantedHandoff) -> bool:
    return (
        {one.value for one in wanted.reasons} <= set(_codes(record))
        and wanted.queue in (None, record.queue)
        and (wanted.status is None or wanted.status.value == record.status)
    )


def _codes(record: HandoffRecord) -> list[str]:
    return [one["code"] for one in record.reasons]
