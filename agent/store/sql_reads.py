"""What others than the turn itself read of conversations and handoffs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, or_, select, tuple_

from agent.conversation import ConversationId, Event, Handoff, HandoffStatus, Message, Turn, TurnStatus
from agent.store import tables
from agent.store.decode import (
    EVENT_COLUMNS,
    HANDOFF_COLUMNS,
    HANDOFF_COLUMNS_WITHOUT_PACKET,
    MESSAGE_COLUMNS,
    TURN_COLUMNS,
    event_of,
    handoff_of,
    message_of,
    turn_of,
)

_c = tables.conversations.c
_t = tables.turns.c
_m = tables.messages.c
_e = tables.events.c
_h = tables.handoffs.c

_TURN = select(*TURN_COLUMNS).where(_t.id == bindparam("turn"), _t.shop_id == bindparam("shop"))
_MESSAGES_AFTER = (
    select(*MESSAGE_COLUMNS)
    .where(_m.conversation_id == bindparam("conversation"), _m.shop_id == bindparam("shop"))
    .where(_m.seq > bindparam("after"))
    .order_by(_m.seq)
    .limit(bindparam("most"))
)
_EVENTS_AFTER = (
    select(*EVENT_COLUMNS)
    .where(_e.conversation_id == bindparam("conversation"), _e.shop_id == bindparam("shop"))
    .where(tuple_(_e.turn_seq, _e.n) > tuple_(bindparam("turn_seq"), bindparam("n")))
    .order_by(_e.turn_seq, _e.n)
    .limit(bindparam("most"))
)
_ABANDONED = (
    select(_c.shop_id, _c.id)
    .join(tables.turns, _t.conversation_id == _c.id)
    .where(_t.status == TurnStatus.ACCEPTED.value, _t.seq == _c.done_seq + 1)
    .where(or_(_c.lease_owner.is_(None), _c.lease_until <= bindparam("now")))
    .order_by(_t.accepted_at)
    .limit(bindparam("most"))
)
_HANDOFF = select(*HANDOFF_COLUMNS).where(_h.id == bindparam("handoff"), _h.shop_id == bindparam("shop"))
_HANDOFFS = (
    select(*HANDOFF_COLUMNS_WITHOUT_PACKET)
    .where(_h.shop_id == bindparam("shop"))
    .order_by(_h.priority, _h.created_at, _h.id)
    .limit(bindparam("most"))
)
_HANDOFFS_IN = _HANDOFFS.where(_h.status == bindparam("state"))


def turn(connection: Connection, shop_id: str, turn_id: str) -> Turn | None:
    """A turn of the shop."""
    row = connection.execute(_TURN, {"turn": turn_id, "shop": shop_id}).first()
    return None if row is None else turn_of(row)


def messages_after(
    connection: Connection, shop_id: str, conversation_id: str, after: int, limit: int
) -> Sequence[Message]:
    """In order of ``seq``."""
    of = {"conversation": conversation_id, "shop": shop_id, "after": after, "most": limit}
    return tuple(map(message_of, connection.execute(_MESSAGES_AFTER, of)))


def events_after(
    connection: Connection, shop_id: str, conversation_id: str, after: tuple[int, int], limit: int
) -> Sequence[Event]:
    """In order of ``(turn_seq, n)``."""
    of = {"conversation": conversation_id, "shop": shop_id, "turn_seq": after[0], "n": after[1], "most": limit}
    return tuple(map(event_of, connection.execute(_EVENTS_AFTER, of)))


def abandoned(connection: Connection, now: datetime, limit: int) -> Sequence[tuple[str, ConversationId]]:
    """The one that waits longest first."""
    rows = connection.execute(_ABANDONED, {"now": now, "most": limit})
    return tuple((shop_id, ConversationId(id_)) for shop_id, id_ in rows)


def handoff(connection: Connection, shop_id: str, handoff_id: str) -> Handoff | None:
    """With its packet."""
    row = connection.execute(_HANDOFF, {"handoff": handoff_id, "shop": shop_id}).first()
    return None if row is None else handoff_of(row)


def handoffs(connection: Connection, shop_id: str, status: str | None, limit: int) -> Sequence[Handoff]:
    """Without packets."""
    of = {"shop": shop_id, "most": limit}
    rows = (
        connection.execute(_HANDOFFS, of)
        if status is None
        else connection.execute(_HANDOFFS_IN, {**of, "state": status})
    )
    return tuple(map(handoff_of, rows))


def queue_position(connection: Connection, shop_id: str, handoff_id: str) -> int:
    """How many are served before it, and one; 0 when it does not wait."""
    case = handoff(connection, shop_id, handoff_id)
    if case is None or case.status is not HandoffStatus.QUEUED:
        return 0
    earlier = tuple_(_h.created_at, _h.id) < tuple_(case.created_at, case.id)
    ahead = or_(_h.priority < case.priority, and_(_h.priority == case.priority, earlier))
    waiting = (_h.shop_id == shop_id, _h.queue == case.queue, _h.status == HandoffStatus.QUEUED.value)
    return 1 + connection.execute(select(func.count()).select_from(tables.handoffs).where(*waiting, ahead)).scalar_one()
