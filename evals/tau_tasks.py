"""The tasks of the tau retail benchmarks (v2 and v1): reference actions and the rows they leave changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rows = Mapping[str, Mapping[str, Mapping[str, Any]]]
WRITES = ("cancel_", "modify_", "return_", "exchange_")


@dataclass(frozen=True, slots=True)
class Action:
    """A call of the benchmark's own tools."""

    name: str
    arguments: Mapping[str, Any]

    @property
    def writes(self) -> bool:
        """Whether it changes a row when it succeeds."""
        return self.name.startswith(WRITES)


@dataclass(frozen=True, slots=True)
class Task:
    """One task: whose it is, what is done, and ``{table: {row: {field: value}}}`` as it should be afterwards.

    ``user_id`` is none when the reference actions write nothing and name nobody.
    """

    id: str
    user_id: str | None
    actions: tuple[Action, ...]
    changed: Rows

    @property
    def writes(self) -> tuple[Action, ...]:
        """The actions that should leave a trace, in their order."""
        return tuple(action for action in self.actions if action.writes)


def read_tasks(folder: Path) -> list[Task]:
    """All tasks of both benchmarks in that folder; v1 ids keep their ``dev-``/``train-`` prefix."""
    owners = {number: row["user_id"] for number, row in _read(folder / "db.json")["orders"].items()}
    golden = _read(folder / "golden_end_states_corrected.json")
    tasks = [_read_v2(row, owners, golden[row["id"]]) for row in _read(folder / "tasks.json")]
    return tasks + [_read_v1(row) for row in _read(folder / "v1_tasks.json")]


def _read_v2(row: Mapping[str, Any], owners: Mapping[str, str], changed: Rows) -> Task:
    actions = _actions(row["evaluation_criteria"]["actions"])
    return Task(row["id"], next(_named(actions, owners), None), actions, changed)


def _read_v1(row: Mapping[str, Any]) -> Task:
    return Task(row["id"], row["user_id"], _actions(row["actions"]), row["changed"])


def _actions(rows: Sequence[Mapping[str, Any]]) -> tuple[Action, ...]:
    return tuple(Action(row["name"], row["arguments"]) for row in rows)


def _named(actions: Sequence[Action], owners: Mapping[str, str]) -> Iterator[str]:
    for action in actions:
        if action.writes:
            number = action.arguments.get("order_id")
            yield owners[number] if number else action.arguments["user_id"]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
