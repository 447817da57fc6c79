"""Measures of one part, beside the suites."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from evals.suite.command import SuiteGroup, add_suite_commands

commands = typer.Typer(
    cls=SuiteGroup,
    no_args_is_help=True,
    help="Measure. `eval SUITE...` plays suites of cases (smoke, core, escalation, injection, parity, reliability); the rest are measures of one part.",
)
add_suite_commands(commands)


@commands.command("understanding")
def eval_understanding(out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("var/reports")) -> None:
    """Grade the reader on the test sets."""
    from evals.understanding import main as run

    run([str(out)])


@commands.command("confidence")
def eval_confidence(
    write: Annotated[bool, typer.Option(help="Keep what was measured on our own sets.")] = False,
) -> None:
    """How far the reader's scores can be trusted: what hybrid mode would keep from the LLM, and how much of it is right."""
    from agent.settings import Settings
    from evals.confidence import run_confidence

    raise typer.Exit(run_confidence(Settings().data_dir, write=write))


@commands.command("conversations")
def eval_conversations(
    only: Annotated[list[str] | None, typer.Argument(help="Beginnings of scenario ids; all without.")] = None,
    trials: Annotated[int, typer.Option(min=1, help="Hold each so often, each time with another seed.")] = 1,
    seed: Annotated[int, typer.Option(min=1, help="The first seed.")] = 1,
    show: Annotated[bool, typer.Option(help="Print every transcript, not only of what fell short.")] = False,
) -> None:
    """Hold the scripted conversations of `evals/conversations`: each turn, and the shop afterwards, as the script says."""
    from agent.app.logging import configure_logging
    from agent.settings import Settings
    from evals.conversations import run_conversations

    configure_logging("ERROR")
    raise typer.Exit(run_conversations(Settings().data_dir, only or [], trials, seed, show=show))


@commands.command("hybrid")
def eval_hybrid(
    model: Annotated[
        str, typer.Option(help="openai:gpt-4.1-mini, with its key; without it a local server stands in.")
    ] = "",
    only: Annotated[list[str] | None, typer.Argument(help="Beginnings of scenario ids; all without.")] = None,
) -> None:
    """Hold the scripted conversations with an LLM for every turn and for the unsure ones: what it saves, what differs."""
    from agent.app.logging import configure_logging
    from evals.hybrid import run_hybrid

    configure_logging("ERROR")
    raise typer.Exit(run_hybrid(model, only or []))


@commands.command("guard")
def eval_guard() -> None:
    """Hold the planted replies against their state: false claims that pass, sound replies that are blocked."""
    from evals.guard import run_guard_eval

    raise typer.Exit(run_guard_eval())


@commands.command("packet")
def eval_packet() -> None:
    """Hold handoffs in three languages: what shoppers told and the packet has, what nobody told, what is asked again."""
    from agent.app.logging import configure_logging
    from agent.settings import Settings
    from evals.packet_fidelity import run_packet_eval

    configure_logging("ERROR")
    raise typer.Exit(run_packet_eval(Settings().data_dir))


@commands.command("fuzz")
def eval_fuzz(
    calls: Annotated[int, typer.Option(help="Tool calls at least.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same run.")] = 20261120,
) -> None:
    """Let a hostile model loose on several customers' conversations, and count the harm."""
    from agent.app.logging import configure_logging
    from agent.settings import read_settings
    from evals.fuzz.run import run_fuzz

    configure_logging("ERROR")
    raise typer.Exit(asyncio.run(run_fuzz(calls, seed, read_settings().data_dir)))


@commands.command("tau")
def eval_tau(
    data: Annotated[Path, typer.Option(help="The tau-retail folder.")] = Path("../shared/data/tau-retail"),
    tasks: Annotated[str, typer.Option(help="A file in that folder.")] = "tasks.json",
    mode: Annotated[
        str,
        typer.Option(help="oracle: replay the reference actions; goal: a scripted shopper; model: LLMs on both sides."),
    ] = "oracle",
    most: Annotated[int, typer.Option(min=0, help="With model: only so many tasks.")] = 0,
) -> None:
    """Play tau-retail against the imported shop and compare the changed rows in cents."""
    from evals.tau_command import run_tau

    raise typer.Exit(run_tau(data, tasks, mode, most=most))
