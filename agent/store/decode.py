"""From rows to the conversation's values. Each ``*_COLUMNS`` lists what its function reads, in that order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, literal

from agent.conversation import (
    Action,
    ActionId,
    ActionStatus,
    Conversation,
    ConversationId,
    Entry,
    Event,
    Fact,
    Handoff,
    HandoffId,
    HandoffStatus,
    Message,
    MessageId,
    Reason,
    Request,
    Speaker,
    Status,
    ToolCall,
    Turn,
    TurnId,
    TurnKind,
    TurnStatus,
)
from agent.store import tables

AnyRow = Row[*tuple[Any, ...]]

_m = tables.messages.c
_t = tables.turns.c
_k = tables.tool_calls.c
_a = tables.actions.c
_h = tables.handoffs.c
_e = tables.events.c

MESSAGE_COLUMNS = (
    *(_m.id, _m.seq, _m.who, _m.text, _m.at, _m.language, _m.turn_id, _m.client_message_id, _m.author),
    *(_m.citations, _m.reading, _m.turn_seq),
)
TURN_COLUMNS = (
    *(_t.id, _t.conversation_id, _t.seq, _t.kind, _t.status, _t.input, _t.accepted_at, _t.message_id),
    *(_t.client_message_id, _t.result),
)
TOOL_CALL_COLUMNS = (_k.id, _k.turn_id, _k.position, _k.name, _k.arguments, _k.result, _k.ok, _k.ms)
ACTION_COLUMNS = (
    *(_a.id, _a.turn_id, _a.kind, _a.order_number, _a.status, _a.summary, _a.before, _a.after, _a.cost, _a.proposal),
    *(_a.digest, _a.created_at, _a.expires_at, _a.decided_at, _a.receipt, _a.undo_until, _a.failure),
)
HANDOFF_COLUMNS = (
    *(_h.id, _h.conversation_id, _h.status, _h.queue, _h.priority, _h.language, _h.reasons, _h.packet, _h.created_at),
    *(_h.promised_by, _h.claimed_by, _h.claimed_at, _h.closed_at, _h.outcome, _h.notes, _h.log, _h.queued_at),
    _h.overdue_at,
)
HANDOFF_COLUMNS_WITHOUT_PACKET = tuple(
    literal(None).label("packet") if column is _h.packet else column for column in HANDOFF_COLUMNS
)
EVENT_COLUMNS = (_e.turn_seq, _e.n, _e.type, _e.data)


def conversation_of(row: AnyRow) -> Conversation:
    """From a whole row of ``conversations``."""
    return Conversation(
        id=ConversationId(row.id),
        shop_id=row.shop_id,
        status=Status(row.status),
        language=row.language,
        channel=row.channel,
        created_at=row.created_at,
        updated_at=row.updated_at,
        seq=row.seq,
        customer_id=row.customer_id,
        identity_level=row.identity_level,
        verified_orders=tuple(row.verified_orders or ()),
        code_for=row.code_for,
        facts=tuple(Fact(**{**fact, "at": datetime.fromisoformat(fact["at"])}) for fact in row.facts or ()),
        agenda=tuple(Request(**request) for request in row.agenda or ()),
        asked=tuple(row.asked or ()),
        metadata=row.metadata or {},
    )


def message_of(row: AnyRow) -> Message:
    """From ``MESSAGE_COLUMNS``."""
    id_, seq, who, text, at, language, turn_id, client_message_id, author, citations, reading, _ = row
    return Message(
        MessageId(id_),
        seq,
        Speaker(who),
        text,
        at,
        language,
        turn_id,
        client_message_id,
        author,
        tuple(citations or ()),
        reading or {},
    )


def turn_of(row: AnyRow) -> Turn:
    """From ``TURN_COLUMNS``."""
    id_, conversation_id, seq, kind, status, *rest = row
    return Turn(TurnId(id_), ConversationId(conversation_id), seq, TurnKind(kind), TurnStatus(status), *rest)


def tool_call_of(row: AnyRow) -> ToolCall:
    """From ``TOOL_CALL_COLUMNS``."""
    return ToolCall(*row)


def action_of(row: AnyRow) -> Action:
    """From ``ACTION_COLUMNS``."""
    id_, turn_id, kind, order_number, status, *rest = row
    return Action(ActionId(id_), TurnId(turn_id), kind, order_number, ActionStatus(status), *rest)


def handoff_of(row: AnyRow) -> Handoff:
    """From ``HANDOFF_COLUMNS``, with the packet or without."""
    id_, conversation_id, status, queue, priority, language, reasons, packet, *rest = row
    *desk, log, queued_at, overdue_at = rest
    entries = tuple(Entry(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in log or ())
    return Handoff(
        HandoffId(id_),
        ConversationId(conversation_id),
        HandoffStatus(status),
        queue,
        priority,
        language,
        tuple(Reason(**reason) for reason in reasons),
        packet or {},
        *(*desk, entries, queued_at, overdue_at),
    )


def event_of(row: AnyRow) -> Event:
    """From ``EVENT_COLUMNS``."""
    return Event(*row)
