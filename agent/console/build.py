"""Adds the desk's pages to an application."""

from __future__ import annotations

from fastapi import FastAPI

from agent.console.parts import ConsoleParts
from agent.console.routes import door, link, moving, reading, streams

ROUTERS = (door.router, link.router, moving.router, reading.router, streams.router)


def add_console(app: FastAPI, parts: ConsoleParts) -> None:
    """Everything under ``/console``. The application's own frames (headers, body limit, boundary) hold here too."""
    app.state.console = parts
    for router in ROUTERS:
        app.include_router(router)
