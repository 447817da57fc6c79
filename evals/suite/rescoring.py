"""Grades stored trajectories again, without playing anything: after a grader or an expectation has changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evals.suite.casefile import Case
from evals.suite.run_folder import RunFolder, RunRefused
from evals.suite.running import Report, read_results, write_report
from evals.suite.worker import Played


def rescore(path: Path, cases: Sequence[Case] = ()) -> Report:
    """Write the verdicts of a run anew; the report's flips are against what they were. Raises ``RunRefused``.

    ``cases`` are today's: their expectations replace the stored ones where nothing else of the case has changed.
    """
    folder = RunFolder(path)
    played = list(folder.played().values())
    if not played:
        raise RunRefused(f"{path}: no trajectories in it")
    now = {case.id: case for case in cases}
    played = [_with(one, now[one[0].case.id]) if one[0].case.id in now else one for one in played]
    was = read_results(path) if (path / "results.jsonl").exists() else {}
    return write_report(folder, played, alike=_alike(path), was=was)


def _with(played: Played, case: Case) -> Played:
    trajectory, timing = played
    if case == trajectory.case:
        return played
    if case.model_copy(update={"expect": trajectory.case.expect, "title": trajectory.case.title}) != trajectory.case:
        raise RunRefused(f"{case.id}: what is played has changed, not only what is expected; play it again")
    return trajectory.model_copy(update={"case": case}), timing


def _alike(path: Path) -> frozenset[str]:
    """The cases that had to end as their pair does in that run."""
    head = path / "run.json"
    asked = json.loads(head.read_text(encoding="utf-8")) if head.exists() else {}
    return frozenset(asked.get("alike", ()))
