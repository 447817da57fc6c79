"""Load orders into the embedded order system, or write them out."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(no_args_is_help=True, help="Load orders into the embedded order system, or write them out.")


@commands.command("import")
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


@commands.command("export")
def export_shop(path: Path, form: Annotated[str, typer.Option("--format", help="tau2")] = "tau2") -> None:
    """Write the loaded shop out."""
    from agent.app.importing import save_shop
    from agent.settings import read_settings

    count = asyncio.run(save_shop(read_settings(), path, form))
    print(f"wrote {count} orders")
