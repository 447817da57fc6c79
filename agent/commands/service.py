"""Start the service, talk to it, show what it is made of, measure its speed."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import Misconfigured

if TYPE_CHECKING:
    from agent.casework.ports import Store
    from tools.shop.port import Shop

commands = typer.Typer()


@commands.command()
def serve(
    demo: Annotated[bool, typer.Option(help="The demo shop with fixed keys, on loopback only.")] = False,
    port: Annotated[int | None, typer.Option(help="Default: PORT or 8000.")] = None,
    host: Annotated[str | None, typer.Option(help="Default: POSTVENTA_HOST or 127.0.0.1.")] = None,
    now: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z"], help="With --demo: its clock begins there, as 2026-11-20T18:00:00Z."
        ),
    ] = None,
) -> None:
    """Start the service."""
    if now is not None and not demo:
        raise typer.BadParameter("only the demo's clock can be set", param_hint="--now")
    from agent.app.collecting import start_without_collecting

    start_without_collecting()
    from agent.app.assembly import wall_clock
    from agent.app.demo import clock_from
    from agent.app.serving import run_service
    from agent.settings import read_settings

    settings = read_settings()
    changes = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    clock = wall_clock if now is None else clock_from(now)
    asyncio.run(run_service(settings.model_copy(update=changes), demo=demo, clock=clock, as_case=_written_as_case))


async def _written_as_case(store: Store, shop_id: str, conversation_id: str, shop: Shop) -> tuple[str, str]:
    """The suite is loaded when somebody asks for a case, not at every start."""
    from evals.suite.importing import written_as_case

    return await written_as_case(store, shop_id, conversation_id, shop)


@commands.command()
def chat(
    as_customer: Annotated[str, typer.Option("--as", help="Sign in as this demo customer (lucia-hernandez).")] = "",
    locale: Annotated[str, typer.Option(help="es, en or pt.")] = "es",
) -> None:
    """Hold the same conversation in this terminal, on the demo shop."""
    from agent.app.terminal import run_terminal
    from agent.settings import read_settings

    asyncio.run(run_terminal(read_settings(), as_customer, locale))


@commands.command()
def prepare() -> None:
    """Train the reader and index the articles now, instead of on the first start."""
    from agent.app.assembly import wall_clock
    from agent.app.selling import open_knowledge, open_policy
    from agent.app.thinking import open_escalation, open_reader
    from agent.settings import read_settings

    settings = read_settings()
    open_reader(settings.data_dir)
    open_escalation(settings.data_dir)
    asyncio.run(open_knowledge(settings, open_policy(settings.policy_dir), wall_clock))


@commands.command()
def widget(
    url: Annotated[str, typer.Option(help="Where shoppers' browsers reach this service.")] = "http://127.0.0.1:8000",
    key: Annotated[str, typer.Option(help="A pk_ key.")] = "pk_demo",
) -> None:
    """Print the line that puts the widget on a storefront's page, with its integrity hash."""
    from agent.widget.files import embed_tag

    print(embed_tag(url, key))


@commands.command()
def prompts(show: Annotated[bool, typer.Option(help="The whole prompt of one example as well.")] = False) -> None:
    """What an LLM is told, part by part, with the tokens it takes and may take."""
    from evals.prompt_budget import print_budget

    raise typer.Exit(print_budget(show=show))


@commands.command()
def bench(
    what: Annotated[str, typer.Argument(help="service, knowledge, queue or widget")] = "service",
    shoppers: Annotated[int, typer.Option(help="Shoppers at a time.")] = 50,
    seconds: Annotated[int, typer.Option(help="How long.")] = 20,
    url: Annotated[str, typer.Option(help="widget: a demo that runs already.")] = "",
    llm: Annotated[
        bool, typer.Option("--llm", help="With an LLM: a local server that takes 50 ms to a first token.")
    ] = False,
) -> None:
    """Measure speed and memory over loopback; what the widget weighs and takes, in Chromium."""
    if llm:
        from evals.llm_bench import run_llm_bench

        raise typer.Exit(run_llm_bench())
    if what == "widget":
        try:
            from evals.widget_bench import run_widget_bench
        except ModuleNotFoundError as missing:
            raise Misconfigured(f"bench widget drives a browser: {missing.name} comes with `make test`") from None
        raise typer.Exit(run_widget_bench(url))
    if what == "queue":
        from evals.queue_bench import main as run_queue

        run_queue()
        return
    if what == "knowledge":
        from evals.knowledge_bench import main as run_knowledge

        run_knowledge()
        return
    from evals.service_bench import run_service_bench

    raise typer.Exit(run_service_bench(shoppers=shoppers, seconds=seconds))
