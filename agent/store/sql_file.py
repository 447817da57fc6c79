"""Reading a conversation's rows: a part of them for a turn, or all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select

from agent.conversation import CaseFile, Message
from agent.store import tables
from agent.store.bounds import HISTORY_MESSAGES, HISTORY_TURNS
from agent.store.decode import (
    ACTION_COLUMNS,
    HANDOFF_COLUMNS,
    HANDOFF_COLUMNS_WITHOUT_PACKET,
    MESSAGE_COLUMNS,
    TOOL_CALL_COLUMNS,
    AnyRow,
    action_of,
    conversation_of,
    handoff_of,
    message_of,
    tool_call_of,
)

_conversations = tables.conversations.c
_messages = tables.messages.c
_calls = tables.tool_calls.c
_actions = tables.actions.c
_handoffs = tables.handoffs.c

OF_SHOP = (_conversations.id == bindparam("conversation"), _conversations.shop_id == bindparam("shop"))
"""The one way to name a conversation in a query."""

FIND = select(tables.conversations).where(*OF_SHOP)
LOCK = FIND.with_for_update(read=True)
_MESSAGES = select(*MESSAGE_COLUMNS).where(_messages.conversation_id == bindparam("conversation"))
_LAST_MESSAGES = (
    _MESSAGES.where(_messages.turn_seq <= bindparam("turn_seq")).order_by(_messages.seq.desc()).limit(HISTORY_MESSAGES)
)
_ALL_MESSAGES = _MESSAGES.order_by(_messages.seq)
_TOOL_CALLS = (
    select(*TOOL_CALL_COLUMNS)
    .where(_calls.conversation_id == bindparam("conversation"), _calls.turn_seq >= bindparam("since"))
    .order_by(_calls.turn_seq, _calls.position)
)
_ACTIONS = (
    select(*ACTION_COLUMNS).where(_actions.conversation_id == bindparam("conversation")).order_by(_actions.position)
)
_HANDOFFS = (
    select(*HANDOFF_COLUMNS).where(_handoffs.conversation_id == bindparam("conversation")).order_by(_handoffs.position)
)
_HANDOFFS_WITHOUT_PACKET = (
    select(*HANDOFF_COLUMNS_WITHOUT_PACKET)
    .where(_handoffs.conversation_id == bindparam("conversation"))
    .order_by(_handoffs.position)
)


def file_for_turn(connection: Connection, row: AnyRow, turn_seq: int) -> CaseFile:
    """What turn ``turn_seq`` is decided from: bounded history, its own message last, handoffs without packets."""
    of = {"conversation": row.id}
    return CaseFile(
        conversation=conversation_of(row),
        messages=_history(connection, {**of, "turn_seq": turn_seq}),
        tool_calls=tuple(map(tool_call_of, connection.execute(_TOOL_CALLS, {**of, "since": turn_seq - HISTORY_TURNS}))),
        actions=tuple(map(action_of, connection.execute(_ACTIONS, of))) if row.action_count else (),
        handoffs=tuple(map(handoff_of, connection.execute(_HANDOFFS_WITHOUT_PACKET, of))) if row.handoff_count else (),
    )


def _history(connection: Connection, of: dict[str, Any]) -> tuple[Message, ...]:
    # An answer to the message before was stored after this one was accepted, yet it was said before.
    rows = connection.execute(_LAST_MESSAGES, of).all()
    return tuple(map(message_of, sorted(rows, key=lambda row: (row.turn_seq, row.seq))))


def whole_file(connection: Connection, shop_id: str, conversation_id: str) -> CaseFile | None:
    """Everything, in the order it was stored."""
    of = {"conversation": conversation_id}
    row = connection.execute(FIND, {**of, "shop": shop_id}).first()
    if row is None:
        return None
    return CaseFile(
        conversation=conversation_of(row),
        messages=tuple(map(message_of, connection.execute(_ALL_MESSAGES, of))),
        tool_calls=tuple(map(tool_call_of, connection.execute(_TOOL_CALLS, {**of, "since": 0}))),
        actions=tuple(map(action_of, connection.execute(_ACTIONS, of))),
        handoffs=tuple(map(handoff_of, connection.execute(_HANDOFFS, of))),
    )
