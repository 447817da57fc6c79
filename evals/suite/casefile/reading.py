"""Reading case files; what is wrong with one is told with file and key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from evals.suite.casefile.case import Case, CaseBody
from evals.suite.casefile.strict import LANGUAGES

CASES: Final = Path(__file__).parents[2] / "cases"
_NAME: Final = re.compile(r"^(?P<name>[a-z0-9-]+)\.(?P<language>es|en|pt)\.yaml$")


class CaseRefused(ValueError):
    """Files that cannot be used as cases; ``problems`` has a line for each defect: file, key, reason."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def case_files(paths: Iterable[Path] = (CASES,)) -> list[Path]:
    """The case files named, or in the folders named, in their order."""
    found: dict[Path, None] = {}
    for path in paths:
        found |= dict.fromkeys(sorted(path.rglob("*.yaml")) if path.is_dir() else [path])
    return list(found)


def read_cases(paths: Iterable[Path] = (CASES,)) -> tuple[Case, ...]:
    """Every case of these files and folders, by id. Raises ``CaseRefused`` with all that is wrong."""
    cases: list[Case] = []
    problems: list[str] = []
    for path in case_files(paths):
        try:
            cases.append(read_case(path))
        except CaseRefused as refused:
            problems += refused.problems
    if problems:
        raise CaseRefused(problems)
    return tuple(sorted(cases, key=lambda case: case.id))


def read_case(path: Path) -> Case:
    """One case. Raises ``CaseRefused``."""
    named = _NAME.match(path.name)
    if named is None:
        raise CaseRefused([f"{path}: the name: NAME.LANGUAGE.yaml is wanted, LANGUAGE one of {', '.join(LANGUAGES)}"])
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        body = CaseBody.model_validate(raw)
    except (OSError, yaml.YAMLError, UnicodeError) as error:
        raise CaseRefused([f"{path}: {' '.join(str(error).split())}"]) from error
    except ValidationError as error:
        raise CaseRefused(f"{path}: {_key(one['loc'])}: {one['msg']}" for one in error.errors()) from error
    return name_case(body.model_dump(), f"{path.parent.name}/{named['name']}", named["language"])


def name_case(body: Mapping[str, Any], pair: str, language: str) -> Case:
    """A case out of its body and its name."""
    return Case.model_validate({**body, "pair": pair, "language": language})


def unpaired(cases: Iterable[Case]) -> Iterator[str]:
    """What is wrong with pairs: a language that is missing and not excused."""
    pairs: dict[str, list[Case]] = {}
    for case in cases:
        pairs.setdefault(case.pair, []).append(case)
    for pair, members in sorted(pairs.items()):
        missing = [language for language in LANGUAGES if language not in {one.language for one in members}]
        if missing and not any(one.alone for one in members):
            yield f"{pair}: the pair: {', '.join(missing)} missing (`alone` says why there is none)"


def _key(loc: Iterable[int | str]) -> str:
    return ".".join(str(part) for part in loc) or "the file"
