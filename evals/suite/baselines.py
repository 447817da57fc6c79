"""How agents that understand nothing fare on the same cases: what a score is read beside.

They are played once for a set of cases, a seed and what is measured, and kept under the data folder; every run has its
own copy (``baselines.jsonl``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from evals.suite.agents import BASELINES
from evals.suite.casefile.strict import Strict
from evals.suite.check import Outcome
from evals.suite.grading import grade
from evals.suite.play import digest_of
from evals.suite.run_folder import RunFolder, read_lines
from evals.suite.suites import Job
from evals.suite.trajectory import Versions
from evals.suite.versions import code_digest
from evals.suite.worker import Played, Setup

FILE: Final = "baselines.jsonl"


class Beside(Strict):
    """How one baseline came out in one case."""

    agent: str
    case: str
    area: str
    language: str
    outcome: Outcome


Playing = Callable[[Sequence[Job], Setup], Iterator[Played]]


def beside(jobs: Sequence[Job], setup: Setup, versions: Versions, folder: RunFolder, play: Playing) -> list[Beside]:
    """All baselines on the first trial of each case of our own, from the shelf when they were played before."""
    if setup.target:
        return []
    first = [job for job in jobs if job.run.trial == 0 and not job.unplayable and "hostile" not in job.case.tags]
    kept = setup.library / "evaluation" / f"baselines-{_digest(first, versions)}.jsonl"
    rows = read_lines(kept, Beside)
    if len(rows) != len(first) * len(BASELINES):
        rows = [
            _row(agent, one)
            for agent in BASELINES
            for one in play(first, replace(setup, agent=agent, model="embedded"))
        ]
        _keep(kept, rows)
    folder.write(FILE, _lines(rows))
    return rows


def read_baselines(run_folder: Path) -> list[Beside]:
    """Those of a run; none when it had none."""
    return read_lines(run_folder / FILE, Beside)


def share(rows: Sequence[Beside], agent: str, area: str = "", language: str = "") -> tuple[int, int]:
    """How many cases that baseline passes, of how many."""
    mine = [one for one in rows if one.agent == agent and area in ("", one.area) and language in ("", one.language)]
    return sum(one.outcome is Outcome.PASS for one in mine), len(mine)


def _row(agent: str, played: Played) -> Beside:
    result = grade(*played)
    return Beside(agent=agent, case=result.case, area=result.area, language=result.language, outcome=result.outcome)


def _digest(jobs: Sequence[Job], versions: Versions) -> str:
    of = [[job.key, job.run.seed, digest_of(job.case)] for job in jobs]
    told = versions.model_dump(exclude={"model", "target", "agent"})
    return sha256(json.dumps([of, told, code_digest()]).encode()).hexdigest()[:16]


def _lines(rows: Sequence[Beside]) -> str:
    return "".join(f"{one.model_dump_json()}\n" for one in rows)


def _keep(path: Path, rows: Sequence[Beside]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(_lines(rows), encoding="utf-8")
    fresh.replace(path)
