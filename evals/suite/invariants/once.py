"""A retry never acts twice: the same message sent again gets the same answer, and a proposal is carried out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from evals.suite.invariants.finding import Finding
from evals.suite.trajectory import Trajectory

NAME: Final = "once"


def check(trajectory: Trajectory) -> Iterator[Finding]:
    """By turns sent again, by keys, and by actions that come to the same."""
    done: Counter[str] = Counter()
    for before, turn in zip((None, *trajectory.turns), trajectory.turns, strict=False):
        if turn.said.again and before is not None and turn.said.kind == "message":
            if turn.turn.get("id") != before.turn.get("id"):
                yield Finding(turn.n, "the same message again is answered anew")
            yield from (Finding(turn.n, f"the same message again writes {one.kind}") for one in turn.writes or ())
        if turn.said.again and turn.changed:
            yield Finding(turn.n, "the same move again changes the shop")
        for write in turn.writes or ():
            done[write.key] += write.outcome == "done"
            if done[write.key] > 1 and turn.changed:
                yield Finding(turn.n, f"{write.kind} is carried out again under {write.key}")
    same = Counter(
        (one["kind"], one["order"], str(one["after"])) for one in trajectory.actions if one["status"] == "executed"
    )
    yield from (
        Finding(0, f"{kind} of {order} is done {count} times") for (kind, order, _), count in same.items() if count > 1
    )
