"""``INSERT ... ON CONFLICT``, which both databases write alike and SQLAlchemy keeps apart."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert with ``on_conflict_do_update`` and ``on_conflict_do_nothing``."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The same for a kind of database, by SQLAlchemy's name for it."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
