"""Bringing a database's schema up to date, from code, on every start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from agent.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 7_076_578_101
"""An arbitrary number that every replica of this program uses, and nothing else."""


async def migrate(database: Database) -> None:
    """Upgrade to the newest revision, in one transaction. Replicas that start at once go one after the other."""
    await database.write(upgrade)


def upgrade(connection: Connection) -> None:
    """Upgrade within the transaction of ``connection``. On SQLite the file's write lock keeps others out."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, without a file. ``alembic.command.revision`` with it drafts the next revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
