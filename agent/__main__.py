"""The ``postventa`` command."""

from __future__ import annotations

import sys

import typer

from agent.commands import desk, evals, keys, reading, service, shop
from agent.errors import Misconfigured

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Support for what happens after the sale.")
app.add_typer(service.commands)
app.add_typer(reading.commands)
app.add_typer(shop.commands, name="shop")
app.add_typer(desk.commands, name="desk")
app.add_typer(keys.commands, name="keys")
app.add_typer(evals.commands, name="eval")


def main() -> None:
    """Run a command; a wrong configuration is one line, not a traceback."""
    try:
        app()
    except Misconfigured as wrong:
        print(f"postventa: {wrong}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
