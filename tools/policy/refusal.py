"""Why a policy was not loaded, and where in which file to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect of a policy file. ``line`` counts from 1; 0 when the place is the whole file."""

    file: Path
    path: KeyPath
    text: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        keys = ".".join(str(key) for key in self.path)
        return f"{place}: {keys}: {self.text}" if keys else f"{place}: {self.text}"


class PolicyRefused(Exception):
    """A policy folder is not usable; nothing of it was loaded. ``problems`` holds every defect that was found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
