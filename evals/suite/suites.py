"""Suites as data: which cases, how often, and what is asked of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from evals.suite.casefile import CASES, Case, CaseRefused, read_cases
from evals.suite.casefile.strict import Strict
from evals.suite.play import Run

SUITES: Final = Path(__file__).with_name("suites.yaml")


class Suite(Strict):
    """A choice of cases. See the comments in ``suites.yaml``."""

    title: str
    areas: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    trials: int = Field(default=1, ge=1)
    openings: bool = False
    parity: bool = False
    hostile: bool = False

    def takes(self, case: Case) -> bool:
        """Whether the case is one of it."""
        return (
            (not self.areas or case.area in self.areas)
            and (not self.tags or bool(set(self.tags) & set(case.tags)))
            and not set(self.without) & set(case.tags)
        )


@dataclass(frozen=True, slots=True)
class Job:
    """A case to play once; ``unplayable`` says why that cannot be."""

    case: Case
    run: Run
    unplayable: str = ""

    @property
    def key(self) -> str:
        """As in the trajectory."""
        return f"{self.case.id}#{self.run.trial}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to play, by key, and which cases have to end as the others of their pair do."""

    jobs: tuple[Job, ...]
    alike: frozenset[str]


def read_suites(path: Path = SUITES) -> dict[str, Suite]:
    """All suites. Raises ``CaseRefused``."""
    try:
        return TypeAdapter(dict[str, Suite]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CaseRefused([f"{path}: {error}"]) from error


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    names: tuple[str, ...]
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    trials: int | None = None
    seed: int = 1
    shard: tuple[int, int] = (1, 1)


def choose(wanted: Wanted, folder: Path = CASES) -> Chosen:
    """The jobs. A name is a suite, an area, a case or pair (``status/where-is-my-order``), or a path. Raises ``CaseRefused``."""
    suites, cases = read_suites(), read_cases([folder])
    asked: dict[str, list[Suite]] = {}
    known = {case.id: case for case in cases}
    for name in wanted.names:
        suite = suites.get(name) or Suite(title=name)
        for case in [one for one in cases if suite.takes(one)] if name in suites else _named(name, cases):
            known[case.id] = case
            asked.setdefault(case.id, []).append(suite)
    picked = [case for case in (known[key] for key in sorted(asked)) if _is_wanted(case, wanted)]
    n, of = wanted.shard
    mine = [case for index, case in enumerate(_by_pair(picked)) if index % of == n - 1]
    jobs = [job for case in sorted(mine, key=lambda one: one.id) for job in _jobs(case, asked[case.id], wanted)]
    return Chosen(tuple(jobs), frozenset(case.id for case in mine if any(one.parity for one in asked[case.id])))


def _jobs(case: Case, suites: Sequence[Suite], wanted: Wanted) -> Iterator[Job]:
    """As often as the suite that asks for most; in other words only where a suite that takes the case asks for that."""
    ways = 1 + len(case.openings()) if any(one.openings for one in suites) else 1
    for trial in range(wanted.trials or max(one.trials for one in suites)):
        yield Job(case, Run(wanted.seed, trial, trial % ways))


def _named(name: str, cases: Sequence[Case]) -> list[Case]:
    """An area comes before a folder of its name, such as this project's ``knowledge``; ``./knowledge`` is the folder."""
    found = [case for case in cases if name in (case.area, case.pair, case.id)]
    if found:
        return found
    path = Path(name)
    if path.exists() and (path.suffix or path.is_dir()):
        return list(read_cases([path]))
    raise CaseRefused([f"{name}: no suite ({', '.join(read_suites())}), area, case or path"])


def _is_wanted(case: Case, wanted: Wanted) -> bool:
    tagged = not wanted.tags or bool(set(wanted.tags) & set(case.tags))
    return tagged and (not wanted.languages or case.language in wanted.languages)


def _by_pair(cases: Iterable[Case]) -> list[Case]:
    """So that shards get all languages of a pair in turn."""
    return sorted(cases, key=lambda case: (case.language, case.pair))
