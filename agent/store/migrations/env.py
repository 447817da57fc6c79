"""Run by Alembic: the connection, inside a transaction, comes from ``agent.store.upgrade``."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from agent.store.columns import Utc, Words
from agent.store.tables import metadata


def _render_plainly(kind: str, item: object, _: Any) -> str | Literal[False]:
    """Revisions name the databases' types, not ours, so that they stay true when ours change."""
    if kind == "type" and isinstance(item, Words):
        return "sa.String()"
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render_plainly,
)
context.run_migrations()
