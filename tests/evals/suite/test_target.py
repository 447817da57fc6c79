"""A service in a process of its own, over a socket: the same cases, and what cannot be seen from there is said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.suite.casefile import read_cases
from evals.suite.check import Outcome
from evals.suite.grading import grade
from evals.suite.play import Run
from evals.suite.suites import Job, Wanted, choose
from evals.suite.worker import Played, Setup, open_worker

ROOT = Path(__file__).parents[3]
USUAL_DAY, ANOTHER_DAY = "2026-11-20T18:00:00Z", "2026-11-24T18:00:00Z"


class Served:
    """``postventa serve --demo --now`` on a folder of its own."""

    def __init__(self, folder: Path, library: Path, now: str) -> None:
        shutil.copytree(library, folder, dirs_exist_ok=True)
        told = {"PORT": "0", "POSTVENTA_DATA_DIR": str(folder), "POSTVENTA_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "agent", "serve", "--demo", "--now", now]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in self._process.stdout)
        ready = next((match for match in found if match), None)
        assert ready is not None, "the server ended before it was ready"
        self.address = ready.group()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        if self._process.stdout:
            self._process.stdout.close()


@pytest.fixture
def serve(library: object, library_folder: Path, tmp_path: Path) -> Iterator[object]:
    del library
    started: list[Served] = []

    def start(now: str) -> str:
        started.append(Served(tmp_path / f"served-{len(started)}", library_folder, now))
        return started[-1].address

    yield start
    for one in started:
        one.stop()


def play(address: str, folder: Path, jobs: list[Job]) -> list[Played]:
    with open_worker(Setup(folder, target=address)) as play_all:
        return list(play_all(jobs))


def test_the_smoke_suite_passes_where_it_can_be_seen(serve, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    jobs = [job for job in choose(Wanted(("smoke",), languages=("es",))).jobs]
    played = play(serve(USUAL_DAY), tmp_path, [*jobs, *jobs[:1]])
    results = [grade(*one) for one in played]
    assert [(one.key, one.failures) for one in results if one.outcome is Outcome.FAIL] == []
    unseen = {one.case: one.checks for one in results if one.outcome is Outcome.NOT_EVALUATED}
    assert set(unseen) <= {"status/split-parcels.es"}, unseen.keys()
    executed = [one for one, _ in played if any(action["status"] == "executed" for action in one.actions)]
    assert executed, "some case changes the shop"
    assert all(one.changes for one in executed)


def test_on_another_day_nothing_is_said_of_the_demos_dates(serve, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    case = next(one for one in read_cases() if one.id == "status/where-is-my-order.es")
    ((trajectory, _),) = play(serve(ANOTHER_DAY), tmp_path, [Job(case, Run(1))])
    assert trajectory.ended == "out_of_reach"
    assert "2026-11-20, and there it is 2026-11-24" in trajectory.why
    assert grade(trajectory).outcome is Outcome.NOT_EVALUATED
