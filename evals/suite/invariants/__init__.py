"""What holds in every run of every case, whatever it expects. Each module reads the trajectory and nothing else.

To add one: a module with ``NAME`` and ``check(trajectory)``, which yields findings, and its line in ``INVARIANTS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Final

from evals.suite.check import Check, failed, passed, unseen
from evals.suite.invariants import (
    answered,
    asked_once,
    claims,
    consent,
    human_silence,
    injection,
    language,
    once,
    other_people,
    person,
    verification,
)
from evals.suite.invariants.finding import Unseen
from evals.suite.trajectory import Trajectory

INVARIANTS: Final[tuple[ModuleType, ...]] = (
    verification,
    consent,
    claims,
    other_people,
    language,
    injection,
    asked_once,
    once,
    person,
    human_silence,
    answered,
)


def check_all(trajectory: Trajectory) -> Iterator[Check]:
    """A check for each invariant, and for each breach."""
    for module in INVARIANTS:
        name = f"invariant:{module.NAME}"
        try:
            findings = list(module.check(trajectory))
        except Unseen as reason:
            yield unseen(name, module.NAME, str(reason))
            continue
        if not findings:
            yield passed(name, module.NAME)
        for one in findings:
            yield failed(name, module.NAME, one.detail, turn=one.turn)
