"""Erasure of a conversation, in every table."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from agent.store import tables

OWNED = (
    tables.turns,
    tables.messages,
    tables.tool_calls,
    tables.actions,
    tables.handoffs,
    tables.events,
    tables.feedback,
    tables.one_time_codes,
    tables.mails,
    tables.outbox,
    tables.desk_cases,
)
"""Tables whose rows belong to one conversation."""


def erase(connection: Connection, shop_id: str, conversation_id: str) -> bool:
    """Delete it, all it owns, and the answers kept for its requests' idempotency keys."""
    head = tables.conversations
    gone = connection.execute(delete(head).where(head.c.id == conversation_id, head.c.shop_id == shop_id))
    if gone.rowcount == 0:
        return False
    for table in OWNED:
        connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
    kept = tables.idempotency_keys
    told = kept.c.body.contains(conversation_id, autoescape=True)
    connection.execute(delete(kept).where(kept.c.shop_id == shop_id, told))
    return True
