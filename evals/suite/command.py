"""``postventa eval SUITE...``: exit codes 0 all well, 1 something failed, 2 a wrong configuration, 3 nothing could be said."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from evals.suite.afterwards import FAILED, PASSED, WRONG, add_afterwards, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evals.suite.judging import Judge
    from evals.suite.suites import Job, Wanted

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
    add_afterwards(app)


def run_suites(
    suites: Annotated[list[str], typer.Argument(help="Suites, areas, cases or paths.", metavar="SUITE...")],
    tag: Annotated[list[str], typer.Option(help="Only cases with one of these tags.")] = [],  # noqa: B006
    lang: Annotated[list[str], typer.Option(help="Only es, en or pt.")] = [],  # noqa: B006
    trials: Annotated[int | None, typer.Option(min=1, help="Play each case so often.")] = None,
    seed: Annotated[int, typer.Option(min=1, help="The same seed gives the same run.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    target: Annotated[str, typer.Option(help="A running service; without it one in this process.")] = "",
    model: Annotated[str, typer.Option(help="embedded, or openai:NAME with a key.")] = "embedded",
    judge: Annotated[str, typer.Option(help="The judge's model, openai:NAME; without it --model's.")] = "",
    agent: Annotated[str, typer.Option(help="A stand-in for the agent, see evals/suite/agents.")] = "",
    baseline: Annotated[Path | None, typer.Option(help="An earlier run to compare with.")] = None,
    shard: Annotated[str, typer.Option(help="i/n: the i-th of n parts.")] = "1/1",
    out: Annotated[Path, typer.Option(help="Where the run goes; one there is taken up again.")] = Path(
        "var/runs/latest"
    ),
    baselines: Annotated[
        bool, typer.Option(help="Play agents that understand nothing beside it (once for a set of cases).")
    ] = True,
    everything: Annotated[
        bool, typer.Option("--all", help="With injection: every text of the collections, not a sample.")
    ] = False,
    collections: Annotated[Path | None, typer.Option(help="Where the collections of injections are.")] = None,
    fresh: Annotated[bool, typer.Option(help="Play everything anew.")] = False,
) -> None:
    """Play suites of cases against the service and grade what comes of them."""
    raise typer.Exit(
        guarded(
            lambda: _run(
                suites,
                tag,
                lang,
                trials,
                seed,
                jobs,
                target,
                model,
                judge,
                agent,
                baseline,
                shard,
                out,
                baselines,
                everything,
                collections,
                fresh,
            )
        )
    )


def _run(
    suites: list[str], tag: list[str], lang: list[str], trials: int | None, seed: int, jobs: int, target: str,
    model: str, judge: str, agent: str, baseline: Path | None, shard: str, out: Path,
    baselines: bool, everything: bool, collections: Path | None, fresh: bool,
) -> int:  # fmt: skip
    from agent.errors import Misconfigured
    from agent.settings import Settings
    from evals.suite.agents import receiving_for
    from evals.suite.casefile import CaseRefused
    from evals.suite.casefile.strict import LANGUAGES
    from evals.suite.hostile.casting import hostile_jobs
    from evals.suite.hostile.scoring import lines
    from evals.suite.run_folder import RunFolder
    from evals.suite.running import progress, run
    from evals.suite.suites import Wanted, choose, read_suites
    from evals.suite.summary import beside_it, tally
    from evals.suite.worker import Setup

    part = _SHARD.match(shard)
    if part is None or not 1 <= int(part[1]) <= int(part[2]):
        raise CaseRefused([f"--shard {shard}: i/n is wanted, with i from 1 to n"])
    if set(lang) - set(LANGUAGES):
        raise CaseRefused([f"--lang: {', '.join(LANGUAGES)} are known"])
    wanted = Wanted(tuple(suites), tuple(tag), tuple(lang), trials, seed, (int(part[1]), int(part[2])))
    chosen, known = choose(wanted), read_suites()
    if any(name in known and known[name].hostile for name in suites):
        more = hostile_jobs(collections, seed, everything=everything)
        chosen = replace(chosen, jobs=(*chosen.jobs, *_part(more, wanted)))
    if not chosen.jobs:
        raise CaseRefused(["no case is left to play"])
    if agent:
        receiving_for(agent)
    if agent and target:
        raise Misconfigured("--agent: a target brings its own")
    setup = Setup(Settings().data_dir, model, target, agent)
    folder = RunFolder(out)
    if fresh:
        for name in ("run.json", "trajectories.jsonl", "timings.jsonl", "baselines.jsonl"):
            (out / name).unlink(missing_ok=True)
    folder.begin(_asked(chosen, setup, seed))
    report = run(
        chosen,
        setup,
        folder,
        jobs=jobs,
        baseline=baseline,
        baselines=baselines,
        judge=_judge(judge or model, setup.library),
        tell=progress,
    )
    apart = [one.name for one in report.pairs if one.outcome == "fail"]
    print(tally(report.results) + (f"; pairs that end differently: {', '.join(apart)}" if apart else ""))
    if report.attacks:
        print("; ".join(lines(report.attacks)))
    if report.baselines:
        print(f"beside it: {beside_it(report.baselines)}")
    if report.flips:
        print("against the baseline: " + ", ".join(f"{key} {was} → {now}" for key, (was, now) in report.flips.items()))
    print(f"{out}/summary.md")
    return PASSED if report.good else FAILED


def _judge(model: str, library: Path) -> Judge | None:
    """None without a model of its own or a key: then its questions are not evaluated. Raises ``Misconfigured``."""
    from agent.settings import Settings
    from evals.suite.asking import ask_for
    from evals.suite.judging import Judge

    ask = ask_for(Settings(data_dir=library, model=model))
    return Judge(ask) if ask else None


def _part(jobs: Sequence[Job], wanted: Wanted) -> Iterator[Job]:
    """What falls to this shard, language and tag."""
    n, of = wanted.shard
    for index, job in enumerate(jobs):
        spoken = not wanted.languages or job.case.language in wanted.languages
        if index % of == n - 1 and spoken and (not wanted.tags or set(wanted.tags) & set(job.case.tags)):
            yield job


def _asked(chosen: Any, setup: Any, seed: int) -> dict[str, Any]:
    """What a run is about: another question is another run."""
    from evals.suite.play import digest_of
    from evals.suite.versions import versions_at, versions_here

    versions = versions_at(setup.target) if setup.target else versions_here(setup.model, setup.agent)
    cases = {job.key: digest_of(job.case) for job in chosen.jobs}
    return {"alike": sorted(chosen.alike), "seed": seed, "versions": versions.model_dump(), "cases": cases}


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
