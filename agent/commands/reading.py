"""Ask one part alone: the reader, the escalation policy, the articles."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command()
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


@commands.command()
def escalation(grade: Annotated[bool, typer.Option(help="Lines also carry label, reason, by_turn.")] = False) -> None:
    """Decide on dialogues: JSON lines {"id","language","turns"} in, one decision a line out."""
    from evals.escalation import main as run

    run(["--grade"] if grade else [])


@commands.command()
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


@commands.command()
def ingest(folder: Annotated[Path, typer.Argument(help="Articles: {es,en,pt}/*.md")]) -> None:
    """Bring the index up to date with a folder of articles; a refused article leaves the old index serving."""
    from agent.app.selling import ingest_articles
    from agent.settings import read_settings

    settings = read_settings()
    print(ingest_articles(settings, folder))
    if folder.resolve() != settings.articles_dir.resolve():
        print(f"to serve and search these: POSTVENTA_ARTICLES_DIR={folder}")
