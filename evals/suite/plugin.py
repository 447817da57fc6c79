"""Each case a test: ``pytest -p evals.suite.plugin evals/cases`` (or a folder of the shop's own cases).

One library a session; with ``-n 2`` one a process. What is not evaluated is skipped, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from evals.suite.casefile import Case, CaseRefused
from evals.suite.casefile.reading import read_case
from evals.suite.check import Outcome
from evals.suite.grading import Result, grade
from evals.suite.play import Run
from evals.suite.suites import Job, read_suites
from evals.suite.worker import Setup, open_worker

_NAME: Final = re.compile(r"^[a-z0-9-]+\.(?:es|en|pt)\.yaml$")
_PLAYER: Final = pytest.StashKey[Any]()
_CLOSING: Final = pytest.StashKey[ExitStack]()


class CaseFailed(AssertionError):
    """A case that did not pass, told as the run's summary tells it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of their own, so that a project's ``pytest.ini`` can set them."""
    group = parser.getgroup("postventa", "evaluation cases")
    group.addoption("--eval-suite", default="core", help="play the cases of this suite (default: core)")
    group.addoption("--eval-library", default="", help="where the library is kept (default: the data folder)")
    group.addoption("--eval-seed", type=int, default=1, help="the same seed gives the same run")
    group.addoption("--eval-target", default="", help="a running service, instead of one in this process")
    group.addoption("--eval-agent", default="", help="a stand-in for the agent, see evals/suite/agents")


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is opened before the first case is played."""
    config.stash[_CLOSING] = ExitStack()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close what was opened."""
    config.stash[_CLOSING].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A case file by its name."""
    if _NAME.match(file_path.name) is None:
        return None
    return CaseFile.from_parent(parent, path=file_path)


class CaseFile(pytest.File):
    """A file with one case."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test, or none when the suite leaves the case out."""
        try:
            case = read_case(self.path)
            suite = read_suites()[self.config.getoption("--eval-suite")]
        except CaseRefused as refused:
            raise self.CollectError("\n".join(refused.problems)) from refused
        except KeyError as unknown:
            raise pytest.UsageError(f"--eval-suite: {unknown} is none of {', '.join(read_suites())}") from unknown
        if suite.takes(case):
            item = CaseItem.from_parent(self, name=case.language, case=case)
            for tag in case.tags:
                item.add_marker(tag.replace("-", "_"))
            yield item


class CaseItem(pytest.Item):
    """A case, played once."""

    def __init__(self, *, case: Case, **more: Any) -> None:
        super().__init__(**more)
        self.case = case

    def runtest(self) -> None:
        """Play and grade it."""
        seed = self.config.getoption("--eval-seed")
        trajectory, timing = next(iter(_player(self.config)([Job(self.case, Run(seed))])))
        result = grade(trajectory, timing)
        self.add_report_section("call", "conversation", _told(trajectory))
        if result.outcome is Outcome.NOT_EVALUATED:
            pytest.skip(_why(result))
        if result.outcome is Outcome.FAIL:
            raise CaseFailed(_why(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What failed, without a trace through the suite."""
        if isinstance(excinfo.value, CaseFailed):
            return f"{self.case.id}: {self.case.title}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """How it is called."""
        return self.path, None, self.case.id


def _player(config: pytest.Config) -> Any:
    if _PLAYER not in config.stash:
        from agent.settings import Settings  # noqa: PLC0415  reads the environment, and only when something is played

        library = Path(config.getoption("--eval-library") or Settings().data_dir)
        setup = Setup(library, target=config.getoption("--eval-target"), agent=config.getoption("--eval-agent"))
        config.stash[_PLAYER] = config.stash[_CLOSING].enter_context(open_worker(setup))
    return config.stash[_PLAYER]


def _why(result: Result) -> str:
    shown = [one for one in result.checks if one.outcome is result.outcome]
    return "\n".join(
        f"  {one.grader}, {one.name}{f', turn {one.turn}' if one.turn else ''}: {one.detail}" for one in shown
    )


def _told(trajectory: Any) -> str:
    return "\n".join(f"> {turn.said.text or f'[{turn.said.kind}]'}\n< {turn.reply}" for turn in trajectory.turns)
