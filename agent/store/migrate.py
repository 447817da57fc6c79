"""Bringing a database's schema up to date, from code, on every start."""

from __future__ import annotations

import importlib
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from agent.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


async def migrate(database: Database) -> None:
    """Upgrade to the newest revision, in one transaction. Replicas that start at once go one after the other."""
    if not await database.read(is_current):
        await database.write(importlib.import_module("agent.store.upgrade").upgrade)


def is_current(connection: Connection) -> bool:
    """Whether there is nothing to upgrade."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest_revision()


def newest_revision() -> str:
    """Revisions are numbered, and their files named after their numbers."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]
