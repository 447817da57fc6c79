"""Who may sign in at the desk."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer
from email_validator import EmailNotValidError, validate_email

from agent.commands import outbox
from agent.errors import Invalid

commands = typer.Typer(no_args_is_help=True, help="Who may sign in at the desk's pages (/console).")
commands.add_typer(outbox.commands, name="outbox")


@commands.command("add")
def add_to_desk(
    name: str,
    role: Annotated[str, typer.Option(help="agent or lead.")] = "agent",
    languages: Annotated[str, typer.Option(help="Spoken, such as es,en; none means all.")] = "",
    password: Annotated[str, typer.Option(help="Asked for when it is not given.", envvar="DESK_PASSWORD")] = "",
    email: Annotated[str, typer.Option(help="Where links to sign in by go.")] = "",
    link_only: Annotated[bool, typer.Option("--link-only", help="No password: by a link to --email alone.")] = False,
) -> None:
    """Let somebody sign in, or give them another password: then all their sessions end."""
    from agent.app.desking import add_person
    from agent.console.passwords import LONGEST, SHORTEST
    from agent.settings import read_settings

    spoken = tuple(one.strip() for one in languages.split(",") if one.strip())
    if role not in ("agent", "lead") or not set(spoken) <= {"es", "en", "pt"}:
        raise typer.BadParameter("--role: agent or lead; --languages: of es, en, pt")
    if link_only:
        password = ""
    else:
        password = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        if not SHORTEST <= len(password) <= LONGEST:
            raise typer.BadParameter(f"a password of {SHORTEST} to {LONGEST} characters is wanted")
    try:
        asyncio.run(add_person(read_settings(), name.strip(), role, spoken, password, _address(email)))
    except Invalid as refused:
        raise typer.BadParameter(str(refused)) from None
    print(f"{name.strip()} may sign in as {role}")


@commands.command("remove")
def remove_from_desk(name: str) -> None:
    """Let somebody sign in no more; their sessions end at once."""
    from agent.app.desking import remove_person
    from agent.settings import read_settings

    if not asyncio.run(remove_person(read_settings(), name)):
        print(f"there is no {name}", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{name} may sign in no more")


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False).normalized if email else ""
    except EmailNotValidError as error:
        raise typer.BadParameter(f"--email: {error}") from None
