"""What webhooks and help desks are told."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

commands = typer.Typer(no_args_is_help=True, help="What webhooks and help desks are told.")


@commands.command("list")
def list_outbox(
    status: Annotated[str, typer.Option(help="waiting, delivered, dead, or all.")] = "dead",
    shop: Annotated[str, typer.Option(help="Default: POSTVENTA_SHOP_ID.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many.")] = 100,
) -> None:
    """Show letters, the newest first: id, type, status, attempts, when next, why the last attempt failed."""
    from agent.app.lettering import list_letters
    from agent.casework.outbox.letters import LetterStatus
    from agent.settings import read_settings

    if status not in ("all", *LetterStatus):
        raise typer.BadParameter("--status: waiting, delivered, dead or all")
    settings = read_settings()
    wanted = None if status == "all" else LetterStatus(status)
    for kept in asyncio.run(list_letters(settings, shop or settings.shop_id, wanted, limit)):
        columns = (kept.letter.id, kept.letter.type, kept.status, str(kept.attempts), kept.next_at.isoformat())
        print("  ".join((*columns, kept.failure)).rstrip())


@commands.command("replay")
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
