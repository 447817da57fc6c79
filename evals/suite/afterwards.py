"""What is done with runs once they are played: ``rescore``, ``diff``, ``report``, and ``import`` of a conversation."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from evals.suite.importing import Imported

PASSED, FAILED, WRONG, BROKEN = 0, 1, 2, 3


def add_afterwards(app: typer.Typer) -> None:
    """The commands, beside those that play."""
    app.command("rescore")(rescore)
    app.command("diff")(diff)
    app.command("report")(report)
    app.command("import")(import_case)


def rescore(
    run: Annotated[Path, typer.Argument(help="A run's folder.", metavar="DIR")],
    cases: Annotated[bool, typer.Option(help="Take the expectations of today's case files.")] = False,
) -> None:
    """Grade a run's stored trajectories again."""

    def work() -> int:
        from evals.suite.casefile import read_cases
        from evals.suite.rescoring import rescore as again
        from evals.suite.summary import tally

        report = again(run, read_cases() if cases else ())
        print(tally(report.results))
        for key, (was, now) in report.flips.items():
            print(f"{key} {was} → {now}")
        return PASSED if report.good else FAILED

    raise typer.Exit(guarded(work))


def diff(
    was: Annotated[Path, typer.Argument(help="The run before.", metavar="A")],
    now: Annotated[Path, typer.Argument(help="The run now.", metavar="B")],
) -> None:
    """Which decisions flipped from one run to another, and the money they move; 1 when something passed and fails now."""

    def work() -> int:
        from evals.suite.diffing import compare, markdown

        difference = compare(_played(was), _played(now))
        print(markdown(difference))
        return FAILED if difference.worse else PASSED

    raise typer.Exit(guarded(work))


def report(
    run: Annotated[Path, typer.Argument(help="A run's folder.", metavar="DIR")],
    baseline: Annotated[Path | None, typer.Option(help="An earlier run beside it.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file; default: report.html in the run's folder.")] = None,
) -> None:
    """One HTML file that needs no network: results, conversations, differences, charts."""

    def work() -> int:
        from evals.suite.report.page import write_page

        path = out or run / "report.html"
        write_page(run, path, baseline)
        print(path)
        return PASSED

    raise typer.Exit(guarded(work))


def import_case(
    conversation: Annotated[str, typer.Argument(help="A stored conversation.", metavar="CONVERSATION_ID")],
    name: Annotated[str, typer.Option(help="The case's name; default: the conversation's.")] = "",
    out: Annotated[Path, typer.Option(help="The folder of the area it goes to.")] = Path("evals/cases/imported"),
) -> None:
    """Make a case of a stored conversation, with personal data replaced; what it expects is a draft."""

    def work() -> int:
        imported = asyncio.run(_import(conversation))
        path = out / f"{name or imported.name}.{imported.language}.yaml"
        out.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(imported.text)
        print(f"{path}: {imported.replaced} words replaced; read it before you keep it")
        return PASSED

    raise typer.Exit(guarded(work))


async def _import(conversation: str) -> Imported:
    from contextlib import AsyncExitStack

    from agent.app.selling import open_shop
    from agent.app.storing import open_storing
    from agent.settings import Settings
    from evals.suite.importing import import_conversation

    settings = Settings()
    async with AsyncExitStack() as stack:
        storing = await open_storing(settings, stack)
        shop = await open_shop(settings, settings.shop_id, stack)
        return await import_conversation(storing.store, settings.shop_id, conversation, shop)


def guarded(work: Callable[[], int]) -> int:
    """The exit code, and on standard error why it is not 0 or 1."""
    from agent.errors import Misconfigured
    from evals.suite.casefile import CaseRefused
    from evals.suite.door import Unreachable
    from evals.suite.run_folder import RunRefused
    from tools.shop.data import ImportRefused

    try:
        return work()
    except (CaseRefused, RunRefused, Misconfigured, ImportRefused, ValueError, LookupError, FileExistsError) as wrong:
        print(f"postventa: {wrong}", file=sys.stderr)
        return WRONG
    except (Unreachable, OSError) as broken:
        print(f"postventa: nothing can be said: {broken}", file=sys.stderr)
        return BROKEN


def _played(run: Path) -> Mapping[str, Any]:
    from evals.suite.run_folder import RunFolder, RunRefused

    played = RunFolder(run).played()
    if not played:
        raise RunRefused(f"{run}: no trajectories in it")
    return played
