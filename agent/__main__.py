"""The ``postventa`` command. Each command imports what it needs when it runs, so that ``--help`` answers at once."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from agent.errors import Misconfigured
from evals.suite.command import SuiteGroup, add_suite_commands

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Support for what happens after the sale.")
shop_app = typer.Typer(no_args_is_help=True, help="Load orders into the embedded order system, or write them out.")
eval_app = typer.Typer(
    cls=SuiteGroup,
    no_args_is_help=True,
    help="Measure. `eval SUITE...` plays suites of cases (smoke, core, escalation, injection, parity, reliability); the rest are measures of one part.",
)
add_suite_commands(eval_app)
desk_app = typer.Typer(no_args_is_help=True, help="Who may sign in at the desk's pages (/console).")
app.add_typer(shop_app, name="shop")
app.add_typer(desk_app, name="desk")
keys_app = typer.Typer(no_args_is_help=True, help="Keys for storefronts, widgets and programs of the desk.")
app.add_typer(keys_app, name="keys")
outbox_app = typer.Typer(no_args_is_help=True, help="What webhooks and help desks are told.")
desk_app.add_typer(outbox_app, name="outbox")
app.add_typer(eval_app, name="eval")


@app.command()
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
    from evals.suite.importing import written_as_case

    settings = read_settings()
    changes = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    clock = wall_clock if now is None else clock_from(now)
    asyncio.run(run_service(settings.model_copy(update=changes), demo=demo, clock=clock, as_case=written_as_case))


@app.command()
def chat(
    as_customer: Annotated[str, typer.Option("--as", help="Sign in as this demo customer (lucia-hernandez).")] = "",
    locale: Annotated[str, typer.Option(help="es, en or pt.")] = "es",
) -> None:
    """Hold the same conversation in this terminal, on the demo shop."""
    from agent.app.terminal import run_terminal
    from agent.settings import read_settings

    asyncio.run(run_terminal(read_settings(), as_customer, locale))


@app.command()
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


@app.command()
def ingest(folder: Annotated[Path, typer.Argument(help="Articles: {es,en,pt}/*.md")]) -> None:
    """Bring the index up to date with a folder of articles; a refused article leaves the old index serving."""
    from agent.app.selling import LANGUAGES, open_policy
    from agent.settings import read_settings
    from knowledge.build import update_index
    from tools.policy.localised import localised_figures

    settings = read_settings()
    policy = open_policy(settings.policy_dir)
    figures = {language: localised_figures(policy, language) for language in LANGUAGES}
    done = update_index(settings.data_dir, folder, figures, settings.chroma_url or None)
    print(f"added {done.added}, changed {done.changed}, removed {done.removed}, unchanged {done.unchanged}")


@app.command()
def search(text: str, locale: Annotated[str, typer.Option(help="es, en or pt.")] = "es") -> None:
    """Show the passages nearest to a text, with scores."""
    from agent.app.assembly import wall_clock
    from agent.app.selling import open_knowledge, open_policy
    from agent.casework.opening import language_of
    from agent.settings import read_settings

    async def run() -> None:
        settings = read_settings()
        knowledge = await open_knowledge(settings, open_policy(settings.policy_dir), wall_clock)
        for passage in await knowledge.search(text, language_of(locale, "es"), 5):
            mark = "*" if passage.supports else " "
            print(f"{mark} {passage.score:.3f}  {' > '.join(passage.path) or passage.title}  {passage.url}")
            print(f"         {passage.text[:160]}")

    asyncio.run(run())


@app.command()
def understand() -> None:
    """Read messages: JSON lines {"id","text"} in, one reading a line out."""
    from agent.app.assembly import wall_clock
    from agent.app.selling import open_policy
    from agent.app.thinking import open_reader
    from agent.settings import read_settings
    from agent.understanding.lines import read_lines

    settings = read_settings()
    reader, zone = open_reader(settings.data_dir), open_policy(settings.policy_dir).zone
    for row in read_lines(sys.stdin, reader, now=wall_clock(), zone=zone):
        print(json.dumps(row, ensure_ascii=False))


@app.command()
def escalation(grade: Annotated[bool, typer.Option(help="Lines also carry label, reason, by_turn.")] = False) -> None:
    """Decide on dialogues: JSON lines {"id","language","turns"} in, one decision a line out."""
    from evals.escalation import main as run

    run(["--grade"] if grade else [])


@app.command()
def widget(
    url: Annotated[str, typer.Option(help="Where shoppers' browsers reach this service.")] = "http://127.0.0.1:8000",
    key: Annotated[str, typer.Option(help="A pk_ key.")] = "pk_demo",
) -> None:
    """Print the line that puts the widget on a storefront's page, with its integrity hash."""
    from agent.widget.files import embed_tag

    print(embed_tag(url, key))


@app.command()
def prompts(show: Annotated[bool, typer.Option(help="The whole prompt of one example as well.")] = False) -> None:
    """What an LLM is told, part by part, with the tokens it takes and may take."""
    from evals.prompt_budget import print_budget

    raise typer.Exit(print_budget(show=show))


@app.command()
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


@shop_app.command("import")
def import_shop(
    path: Path,
    form: Annotated[str, typer.Option("--format", help="tau2 (a JSON file) or csv (a folder).")] = "csv",
) -> None:
    """Load a whole shop; bad rows are refused with file, line and reason, and then nothing is loaded."""
    from agent.app.importing import load_shop
    from agent.settings import read_settings
    from tools.shop.data import ImportRefused

    try:
        count = asyncio.run(load_shop(read_settings(), path, form))
    except ImportRefused as refused:
        print(refused, file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"loaded {count} orders")


@shop_app.command("export")
def export_shop(path: Path, form: Annotated[str, typer.Option("--format", help="tau2")] = "tau2") -> None:
    """Write the loaded shop out."""
    from agent.app.importing import save_shop
    from agent.settings import read_settings

    count = asyncio.run(save_shop(read_settings(), path, form))
    print(f"wrote {count} orders")


@desk_app.command("add")
def add_to_desk(
    name: str,
    role: Annotated[str, typer.Option(help="agent or lead.")] = "agent",
    languages: Annotated[str, typer.Option(help="Spoken, such as es,en; none means all.")] = "",
    password: Annotated[str, typer.Option(help="Asked for when it is not given.", envvar="DESK_PASSWORD")] = "",
) -> None:
    """Let somebody sign in, or give them another password: then all their sessions end."""
    from agent.app.desking import add_person
    from agent.console.passwords import LONGEST, SHORTEST
    from agent.settings import read_settings

    spoken = tuple(one.strip() for one in languages.split(",") if one.strip())
    if role not in ("agent", "lead") or not set(spoken) <= {"es", "en", "pt"}:
        raise typer.BadParameter("--role: agent or lead; --languages: of es, en, pt")
    password = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not SHORTEST <= len(password) <= LONGEST:
        raise typer.BadParameter(f"a password of {SHORTEST} to {LONGEST} characters is wanted")
    asyncio.run(add_person(read_settings(), name.strip(), role, spoken, password))
    print(f"{name.strip()} may sign in as {role}")


@desk_app.command("remove")
def remove_from_desk(name: str) -> None:
    """Let somebody sign in no more; their sessions end at once."""
    from agent.app.desking import remove_person
    from agent.settings import read_settings

    if not asyncio.run(remove_person(read_settings(), name)):
        print(f"there is no {name}", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{name} may sign in no more")


@keys_app.command("add")
def add_api_key(
    kind: Annotated[str, typer.Argument(help="sk (a back end), pk (the widget) or dk (a program of the desk).")],
    name: Annotated[str, typer.Argument(help="Whom it speaks for.")],
    origin: Annotated[list[str] | None, typer.Option(help="pk: a page's origin it works on; again for more.")] = None,
    role: Annotated[str, typer.Option(help="dk: agent or lead.")] = "agent",
) -> None:
    """Make a key and print it. Only its hash is kept: it cannot be shown again."""
    from agent.app.keying import KINDS, add_key
    from agent.settings import read_settings

    origins = tuple(one.rstrip("/") for one in origin or ())
    if kind not in KINDS or role not in ("agent", "lead") or (origins and kind != "pk"):
        raise typer.BadParameter("sk, pk or dk; --role: agent or lead; --origin: for pk only")
    if any("://" not in one for one in origins):
        raise typer.BadParameter("--origin: such as https://shop.example")
    print(asyncio.run(add_key(read_settings(), kind, name.strip(), role, origins)))


@keys_app.command("list")
def list_api_keys() -> None:
    """Show whom keys speak for: kind, name, role, origins."""
    from agent.app.keying import list_keys
    from agent.settings import read_settings

    for key in asyncio.run(list_keys(read_settings())):
        print("  ".join(part for part in (key.kind, key.name, key.role, *key.origins) if part))


@keys_app.command("remove")
def remove_api_key(kind: str, name: str) -> None:
    """Take all keys of that kind and name back; a service that runs heeds it within a minute."""
    from agent.app.keying import remove_key
    from agent.settings import read_settings

    count = asyncio.run(remove_key(read_settings(), kind, name))
    if not count:
        print(f"there is no {kind} key of {name}", file=sys.stderr)
        raise typer.Exit(1)
    print(f"removed {count}")


@outbox_app.command("list")
def list_outbox(
    status: Annotated[str, typer.Option(help="waiting, delivered, dead, or all.")] = "dead",
    shop: Annotated[str, typer.Option(help="Default: POSTVENTA_SHOP_ID.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many.")] = 100,
) -> None:
    """Show letters, the newest first: id, type, status, attempts, when next, why the last attempt failed."""
    from agent.app.lettering import list_letters
    from agent.casework.outbox import LetterStatus
    from agent.settings import read_settings

    if status not in ("all", *LetterStatus):
        raise typer.BadParameter("--status: waiting, delivered, dead or all")
    settings = read_settings()
    wanted = None if status == "all" else LetterStatus(status)
    for kept in asyncio.run(list_letters(settings, shop or settings.shop_id, wanted, limit)):
        columns = (kept.letter.id, kept.letter.type, kept.status, str(kept.attempts), kept.next_at.isoformat())
        print("  ".join((*columns, kept.failure)).rstrip())


@outbox_app.command("replay")
def replay_outbox(
    letter: Annotated[str, typer.Argument(help="As the list shows it.")],
    shop: Annotated[str, typer.Option(help="Default: POSTVENTA_SHOP_ID.")] = "",
) -> None:
    """Have a letter delivered again, under the same event id, by the service that runs."""
    from agent.app.lettering import replay_letter
    from agent.settings import read_settings

    settings = read_settings()
    kept = asyncio.run(replay_letter(settings, shop or settings.shop_id, letter))
    if kept is None:
        print(f"there is no letter {letter}", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{kept.letter.id} is {kept.status}")


@eval_app.command("understanding")
def eval_understanding(out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("var/reports")) -> None:
    """Grade the reader on the test sets."""
    from evals.understanding import main as run

    run([str(out)])


@eval_app.command("confidence")
def eval_confidence(
    write: Annotated[bool, typer.Option(help="Keep what was measured on our own sets.")] = False,
) -> None:
    """How far the reader's scores can be trusted: what hybrid mode would keep from the LLM, and how much of it is right."""
    from agent.settings import Settings
    from evals.confidence import run_confidence

    raise typer.Exit(run_confidence(Settings().data_dir, write=write))


@eval_app.command("conversations")
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


@eval_app.command("hybrid")
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


@eval_app.command("guard")
def eval_guard() -> None:
    """Hold the planted replies against their state: false claims that pass, sound replies that are blocked."""
    from evals.guard import run_guard_eval

    raise typer.Exit(run_guard_eval())


@eval_app.command("packet")
def eval_packet() -> None:
    """Hold handoffs in three languages: what shoppers told and the packet has, what nobody told, what is asked again."""
    from agent.app.logging import configure_logging
    from agent.settings import Settings
    from evals.packet_fidelity import run_packet_eval

    configure_logging("ERROR")
    raise typer.Exit(run_packet_eval(Settings().data_dir))


@eval_app.command("fuzz")
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


@eval_app.command("tau")
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


def main() -> None:
    """Run a command; a wrong configuration is one line, not a traceback."""
    try:
        app()
    except Misconfigured as wrong:
        print(f"postventa: {wrong}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
