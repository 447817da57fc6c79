"""Alembic, which only a database that is behind needs: importing it costs a start a tenth."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from agent.store.migrate import MIGRATIONS

ADVISORY_LOCK = 7_076_578_101
"""An arbitrary number that every replica of this program uses, and nothing else."""


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
