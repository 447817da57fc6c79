"""Graders: each looks at one kind of expectation and yields checks. They read the trajectory and nothing else.

To add one: a module with ``NAME`` and ``grade(trajectory, timing)``, and its line in ``GRADERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from evals.suite.check import Check
from evals.suite.graders import actions, budget, escalation, handoffs, order, plants, replies, state, tools
from evals.suite.trajectory import Timing, Trajectory

Grader = Callable[[Trajectory, Timing | None], Iterator[Check]]

GRADERS: Final[tuple[Grader, ...]] = (
    state.grade,
    actions.grade,
    handoffs.grade,
    tools.grade,
    order.grade,
    escalation.grade,
    replies.grade,
    budget.grade,
    plants.grade,
)
