"""Keys of storefronts, widgets and programs of the desk."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

commands = typer.Typer(no_args_is_help=True, help="Keys for storefronts, widgets and programs of the desk.")


@commands.command("add")
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


@commands.command("list")
def list_api_keys() -> None:
    """Show whom keys speak for: kind, name, role, origins."""
    from agent.app.keying import list_keys
    from agent.settings import read_settings

    for key in asyncio.run(list_keys(read_settings())):
        print("  ".join(part for part in (key.kind, key.name, key.role, *key.origins) if part))


@commands.command("remove")
def remove_api_key(kind: str, name: str) -> None:
    """Take all keys of that kind and name back; a service that runs heeds it within a minute."""
    from agent.app.keying import remove_key
    from agent.settings import read_settings

    count = asyncio.run(remove_key(read_settings(), kind, name))
    if not count:
        print(f"there is no {kind} key of {name}", file=sys.stderr)
        raise typer.Exit(1)
    print(f"removed {count}")
