"""A run on disk. It can be taken up again: what was played is not played again.

``trajectories.jsonl``, ``timings.jsonl`` one line a run of a case, ``results.jsonl`` the verdicts, ``summary.md``,
``junit.xml``, ``run.json`` what was asked for. All but the timings are the same, byte for byte, for the same seed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from evals.suite.trajectory import Timing, Trajectory

M = TypeVar("M", bound=BaseModel)


class RunRefused(ValueError):
    """A folder that holds another run, or none."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    def begin(self, asked: Mapping[str, Any]) -> None:
        """Make it, or take it up again. Raises ``RunRefused`` when it holds a run of something else."""
        self.path.mkdir(parents=True, exist_ok=True)
        head, text = self.path / "run.json", json.dumps(asked, indent=2, sort_keys=True) + "\n"
        if head.exists() and head.read_text(encoding="utf-8") != text:
            raise RunRefused(f"{self.path}: holds a run of something else; name another --out")
        head.write_text(text, encoding="utf-8")

    def played(self) -> dict[str, tuple[Trajectory, Timing]]:
        """What was played so far, by key; a last line cut off by a crash does not count."""
        trajectories = {one.key: one for one in read_lines(self.path / "trajectories.jsonl", Trajectory)}
        timings = {one.key: one for one in read_lines(self.path / "timings.jsonl", Timing)}
        return {key: (one, timings[key]) for key, one in trajectories.items() if key in timings}

    def add(self, trajectory: Trajectory, timing: Timing) -> None:
        """Keep what was just played."""
        for name, line in (("timings", timing.model_dump_json()), ("trajectories", trajectory.line())):
            with (self.path / f"{name}.jsonl").open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    def settle(self, played: Iterable[tuple[Trajectory, Timing]]) -> None:
        """Write both files anew, in their order."""
        rows = list(played)
        self.write("trajectories.jsonl", "".join(f"{one.line()}\n" for one, _ in rows))
        self.write("timings.jsonl", "".join(f"{one.model_dump_json()}\n" for _, one in rows))

    def write(self, name: str, text: str) -> None:
        """Write a file whole or not at all."""
        fresh = self.path / f".{name}.new"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.path / name)


def read_lines(path: Path, model: type[M]) -> list[M]:
    """The lines of a file. Raises ``RunRefused`` for one that is broken, unless it is the last."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(model.model_validate_json(line))
        except ValidationError as error:
            if number < len(lines):
                raise RunRefused(f"{path}:{number}: {error.errors()[0]['msg']}") from error
    return found
