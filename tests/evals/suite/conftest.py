"""A stage for cases, and one exchange played to its end, for graders and invariants to look at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from evals.suite.casefile import Case
from evals.suite.casefile.reading import name_case
from evals.suite.play import Run
from evals.suite.suites import Job
from evals.suite.trajectory import Timing, Trajectory
from evals.suite.twin.stage import Stage
from evals.suite.versions import versions_here
from evals.suite.worker import Setup, Worker
from evals.world import Library

Playing = Callable[..., tuple[Trajectory, Timing]]

EXCHANGE: dict[str, Any] = {
    "title": "an exchange",
    "fixture": {"customer": "lucia-hernandez", "identity": "signed_in"},
    "shopper": {"lines": ["quiero cambiar los tenis brisa por talla 8", {"press": "confirm"}]},
    "expect": {
        "orders": {"10001": {"exchanges": [{"swaps": [{"new_variant_id": "brisa-mx-8-blanco"}]}]}},
        "actions": [{"kind": "exchange_items", "status": "executed"}],
    },
}


def a_case(body: dict[str, Any] = EXCHANGE, language: str = "es", **changed: Any) -> Case:
    return name_case({**body, **changed}, "tests/a-case", language)


@pytest.fixture(scope="session")
def playing(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Playing:
    """Plays a case on a twin of its own."""
    folder = tmp_path_factory.mktemp("stage")
    worker = Worker(Setup(folder), Stage(library, folder), None, versions_here("embedded"))

    def play(case: Case, seed: int = 1, trial: int = 0, opening: int = 0) -> tuple[Trajectory, Timing]:
        return asyncio.run(worker.play(Job(case, Run(seed, trial, opening))))

    return play


@pytest.fixture(scope="session")
def exchange(playing: Playing) -> Trajectory:
    return playing(a_case())[0]
