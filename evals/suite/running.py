"""Runs what was chosen: plays it, on several processes when asked, grades it, and writes it down."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.suite.baselines import Beside, beside, read_baselines
from evals.suite.check import Check, Outcome
from evals.suite.door import Unreachable
from evals.suite.grading import Result, grade
from evals.suite.hostile.scoring import Attacked, attacked
from evals.suite.judging import Judge, judge_all, read_verdicts
from evals.suite.junit import junit
from evals.suite.parity import compare_pairs
from evals.suite.run_folder import RunFolder, RunRefused, read_lines
from evals.suite.suites import Chosen, Job
from evals.suite.summary import summary
from evals.suite.trajectory import Timing, Trajectory
from evals.suite.worker import Played, Setup, open_worker
from evals.world import Library


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run; it is good when nothing failed and something passed. ``baselines`` is what it is read beside."""

    results: tuple[Result, ...]
    pairs: tuple[Check, ...]
    flips: dict[str, tuple[str, str]]
    baselines: tuple[Beside, ...] = ()
    attacks: Attacked | None = None

    @property
    def good(self) -> bool:
        """Whether the gate is open."""
        cases = [one.outcome for one in self.results]
        return Outcome.FAIL not in [*cases, *(one.outcome for one in self.pairs)] and Outcome.PASS in cases


def run(
    chosen: Chosen,
    setup: Setup,
    folder: RunFolder,
    *,
    jobs: int = 1,
    baseline: Path | None = None,
    library: Library | None = None,
    baselines: bool = False,
    judge: Judge | None = None,
    tell: Callable[[int, int, Result], None] = lambda *_: None,
) -> Report:
    """Play what is not played yet and grade all; ``baselines`` plays those too. Raises ``Unreachable``, ``RunRefused``, ``Misconfigured``."""
    was = read_results(baseline) if baseline else {}
    played = folder.played()
    wanted = {job.key: job for job in chosen.jobs}
    played = {key: one for key, one in played.items() if key in wanted}
    folder.settle(played.values())
    left = [job for key, job in wanted.items() if key not in played]
    for trajectory, timing in _play(left, setup, jobs, library):
        folder.add(trajectory, timing)
        played[trajectory.key] = (trajectory, timing)
        tell(len(played), len(wanted), grade(trajectory, timing))
    if judge is not None:
        asyncio.run(judge_all(judge, folder, [played[key] for key in wanted]))
    if baselines and not setup.agent:
        versions = next(iter(played.values()))[0].versions
        beside(chosen.jobs, setup, versions, folder, lambda left, stand_in: _play(left, stand_in, jobs, library))
    return write_report(folder, [played[key] for key in wanted], alike=chosen.alike, was=was)


def write_report(
    folder: RunFolder,
    played: Sequence[tuple[Trajectory, Timing]],
    *,
    alike: Collection[str] = (),
    was: dict[str, str] | None = None,
) -> Report:
    """Grade what is there and write every file of the run; cases in ``alike`` have to end as their pair does."""
    said = read_verdicts(folder, [trajectory for trajectory, _ in played])
    results = tuple(grade(trajectory, timing, said.get(trajectory.key, ())) for trajectory, timing in played)
    pairs = tuple(compare_pairs(trajectory for trajectory, _ in played if trajectory.case.id in alike))
    now = {one.key: one.outcome.value for one in results}
    flips = {key: (old, now[key]) for key, old in (was or {}).items() if key in now and now[key] != old}
    folder.settle(played)
    folder.write("results.jsonl", "".join(f"{one.model_dump_json()}\n" for one in results))
    folder.write("pairs.jsonl", "".join(f"{one.model_dump_json()}\n" for one in pairs))
    versions = played[0][0].versions if played else None
    attacks = attacked(results, [trajectory for trajectory, _ in played])
    rows = tuple(read_baselines(folder.path))
    folder.write("summary.md", summary(results, pairs, versions, flips, rows, attacks))
    folder.write("junit.xml", junit(results, pairs))
    return Report(results, pairs, flips, rows, attacks)


def read_results(run_folder: Path) -> dict[str, str]:
    """How each run of a case came out. Raises ``RunRefused``."""
    path = run_folder / "results.jsonl"
    if not path.exists():
        raise RunRefused(f"{run_folder}: no results.jsonl in it")
    return {one.key: one.outcome.value for one in read_lines(path, Result)}


def _play(left: Sequence[Job], setup: Setup, jobs: int, library: Library | None) -> Iterator[Played]:
    """In their order, whatever finishes first."""
    if not left:
        return
    if jobs <= 1 or len(left) == 1:
        with open_worker(setup, library) as play:
            yield from play(left)
        return
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(min(jobs, len(left)), context, _begin, (setup,)) as pool:
            yield from pool.map(_play_one, left)
    except BrokenProcessPool as broken:
        raise Unreachable(f"a worker process ended: {broken}") from broken


_here: dict[str, Any] = {}


def _begin(setup: Setup) -> None:
    """In a worker process: open everything once, close it when the process ends."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    stack = ExitStack()
    _here["stack"], _here["play"] = stack, stack.enter_context(open_worker(setup))


def _play_one(job: Job) -> Played:
    one: Iterable[Played] = _here["play"]([job])
    return next(iter(one))


def progress(done: int, of: int, result: Result) -> None:
    """A line that moves on a terminal; elsewhere only what did not pass."""
    if result.outcome is not Outcome.PASS:
        clear = "\r\033[K" if sys.stderr.isatty() else ""
        print(f"{clear}{result.outcome.value:14} {result.key}  {_why(result)}", file=sys.stderr)
    if sys.stderr.isatty():
        print(f"\r\033[K{done}/{of} {result.key}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _why(result: Result) -> str:
    shown = [one for one in result.checks if one.outcome is result.outcome]
    return "; ".join(f"{one.grader}: {one.detail}" for one in shown)[:300]
