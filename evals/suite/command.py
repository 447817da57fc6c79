"""``postventa eval SUITE...``: exit codes 0 all well, 1 something failed, 2 a wrong configuration, 3 nothing could be said."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

PASSED, FAILED, WRONG, BROKEN = 0, 1, 2, 3
_SHARD: Final = re.compile(r"^(\d+)/(\d+)$")


class SuiteGroup(TyperGroup):
    """A group whose other words are suites: ``eval smoke core`` is ``eval run smoke core``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See click."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


def add_suite_commands(app: typer.Typer) -> None:
    """The suite's own commands, beside the others of ``postventa eval``."""
    app.command("run")(run_suites)
    app.command("validate")(validate)


def run_suites(
    suites: Annotated[list[str], typer.Argument(help="Suites, areas, cases or paths.", metavar="SUITE...")],
    tag: Annotated[list[str], typer.Option(help="Only cases with one of these tags.")] = [],  # noqa: B006
    lang: Annotated[list[str], typer.Option(help="Only es, en or pt.")] = [],  # noqa: B006
    trials: Annotated[int | None, typer.Option(min=1, help="Play each case so often.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same run.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    target: Annotated[str, typer.Option(help="A running service; without it one in this process.")] = "",
    model: Annotated[str, typer.Option(help="embedded, or openai:NAME with a key.")] = "embedded",
    baseline: Annotated[Path | None, typer.Option(help="An earlier run to compare with.")] = None,
    shard: Annotated[str, typer.Option(help="i/n: the i-th of n parts.")] = "1/1",
    out: Annotated[Path, typer.Option(help="Where the run goes; one there is taken up again.")] = Path(
        "var/runs/latest"
    ),
    fresh: Annotated[bool, typer.Option(help="Play everything anew.")] = False,
) -> None:
    """Play suites of cases against the service and grade what comes of them."""
    from agent.errors import Misconfigured
    from evals.suite.casefile import CaseRefused
    from evals.suite.door import Unreachable
    from evals.suite.run_folder import RunRefused
    from tools.shop.data import ImportRefused

    try:
        code = _run(suites, tag, lang, trials, seed, jobs, target, model, baseline, shard, out, fresh)
    except (CaseRefused, RunRefused, Misconfigured, ImportRefused, ValueError) as wrong:
        print(f"postventa: {wrong}", file=sys.stderr)
        code = WRONG
    except (Unreachable, OSError) as broken:
        print(f"postventa: nothing can be said: {broken}", file=sys.stderr)
        code = BROKEN
    raise typer.Exit(code)


def _run(
    suites: list[str], tag: list[str], lang: list[str], trials: int | None, seed: int, jobs: int, target: str,
    model: str, baseline: Path | None, shard: str, out: Path, fresh: bool,
) -> int:  # fmt: skip
    from agent.settings import Settings
    from evals.suite.casefile import CaseRefused
    from evals.suite.casefile.strict import LANGUAGES
    from evals.suite.run_folder import RunFolder
    from evals.suite.running import progress, run
    from evals.suite.suites import Wanted, choose
    from evals.suite.summary import tally
    from evals.suite.worker import Setup

    part = _SHARD.match(shard)
    if part is None or not 1 <= int(part[1]) <= int(part[2]):
        raise CaseRefused([f"--shard {shard}: i/n is wanted, with i from 1 to n"])
    if set(lang) - set(LANGUAGES):
        raise CaseRefused([f"--lang: {', '.join(LANGUAGES)} are known"])
    wanted = Wanted(tuple(suites), tuple(tag), tuple(lang), trials, seed, (int(part[1]), int(part[2])))
    chosen = choose(wanted)
    if not chosen.jobs:
        raise CaseRefused(["no case is left to play"])
    setup = Setup(Settings().data_dir, model, target)
    folder = RunFolder(out)
    if fresh:
        for name in ("run.json", "trajectories.jsonl", "timings.jsonl"):
            (out / name).unlink(missing_ok=True)
    folder.begin(_asked(chosen, setup, seed))
    report = run(chosen, setup, folder, jobs=jobs, baseline=baseline, tell=progress)
    apart = [one.name for one in report.pairs if one.outcome == "fail"]
    print(tally(report.results) + (f"; pairs that end differently: {', '.join(apart)}" if apart else ""))
    if report.flips:
        print("against the baseline: " + ", ".join(f"{key} {was} → {now}" for key, (was, now) in report.flips.items()))
    print(f"{out}/summary.md")
    return PASSED if report.good else FAILED


def _asked(chosen: Any, setup: Any, seed: int) -> dict[str, Any]:
    """What a run is about: another question is another run."""
    from evals.suite.play import digest_of
    from evals.suite.versions import versions_at, versions_here

    versions = versions_at(setup.target) if setup.target else versions_here(setup.model)
    cases = {job.key: digest_of(job.case) for job in chosen.jobs}
    return {"seed": seed, "versions": versions.model_dump(), "cases": cases}


def validate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; default: all cases.", metavar="[PATH...]")
    ] = None,
) -> None:
    """Say what is wrong with case files: file, key, reason."""
    from evals.suite.casefile.reading import CASES, CaseRefused, case_files, read_cases, unpaired

    wanted = paths or [CASES]
    missing = [path for path in wanted if not path.exists()]
    problems = [f"{path}: is not there" for path in missing]
    try:
        cases = read_cases(path for path in wanted if path not in missing)
        problems += unpaired(cases) if all(path.is_dir() for path in wanted) else ()
    except CaseRefused as refused:
        problems += refused.problems
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{len(case_files(wanted))} cases are sound")
    raise typer.Exit(WRONG if problems else PASSED)
