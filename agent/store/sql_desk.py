"""What the desk reads of conversations and handoffs, each one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select, update

from agent.casework.desk.ports import CaseQuery, CaseRow, Colleague, LiveRow, NoSeat, Presence, Seat, Taken
from agent.conversation import Action, ConversationId, HandoffId, HandoffStatus, Message, Speaker
from agent.store import tables
from agent.store.decode import (
    ACTION_COLUMNS,
    HANDOFF_COLUMNS_WITHOUT_PACKET,
    MESSAGE_COLUMNS,
    action_of,
    conversation_of,
    handoff_of,
    message_of,
)
from agent.store.upsert import insert_into

OPEN = (HandoffStatus.CLAIMED.value, HandoffStatus.HUMAN.value)
CLOSED = (HandoffStatus.RETURNED.value, HandoffStatus.RESOLVED.value)

AnyRow = Row[*tuple[Any, ...]]

_c = tables.conversations.c
_h = tables.handoffs.c
_a = tables.actions.c
_p = tables.people.c
_last = tables.messages.alias("last_message")
_heard = tables.messages.alias("last_heard")
_inner = tables.messages.alias("said_by_shopper")

_HEAD_SIZE, _HANDOFF_SIZE, _MESSAGE_SIZE = len(_c), len(HANDOFF_COLUMNS_WITHOUT_PACKET), len(MESSAGE_COLUMNS)


def cases(connection: Connection, shop_id: str, query: CaseQuery) -> Sequence[CaseRow]:
    """See the port."""
    chosen = _with_messages(
        select(*HANDOFF_COLUMNS_WITHOUT_PACKET, *_c).join(tables.conversations, _c.id == _h.conversation_id)
    ).where(_h.shop_id == shop_id)
    if query.statuses:
        chosen = chosen.where(_h.status.in_(query.statuses))
    for column, wanted in ((_h.queue, query.queue), (_h.claimed_by, query.person), (_h.id, query.handoff_id)):
        if wanted is not None:
            chosen = chosen.where(column == wanted)
    chosen = chosen.order_by(_h.priority, _h.created_at, _h.id).limit(query.limit)
    return tuple(_case_of(row) for row in connection.execute(chosen))


def live(connection: Connection, shop_id: str, since: datetime, limit: int) -> Sequence[LiveRow]:
    """See the port."""
    open_case = and_(_h.conversation_id == _c.id, _h.status.not_in(CLOSED))
    chosen = (
        _with_messages(select(*HANDOFF_COLUMNS_WITHOUT_PACKET, *_c).outerjoin(tables.handoffs, open_case))
        .where(_c.shop_id == shop_id, _c.updated_at >= since)
        .order_by(_c.updated_at.desc(), _c.id)
        .limit(limit)
    )
    return tuple(
        LiveRow(case.conversation, case.handoff if row[0] is not None else None, case.last, case.heard)
        for row in connection.execute(chosen)
        if (case := _case_of(row))
    )


def _with_messages(chosen: Select[Any]) -> Select[Any]:
    """The conversation's last message and the shopper's last, each found by the messages' key."""
    newest = (
        select(func.max(_inner.c.seq))
        .where(_inner.c.conversation_id == _c.id, _inner.c.who == Speaker.SHOPPER.value)
        .scalar_subquery()
    )
    return (
        chosen.outerjoin(_last, and_(_last.c.conversation_id == _c.id, _last.c.seq == _c.message_seq))
        .outerjoin(_heard, and_(_heard.c.conversation_id == _c.id, _heard.c.seq == newest))
        .add_columns(*(_last.c[column.name] for column in MESSAGE_COLUMNS))
        .add_columns(*(_heard.c[column.name] for column in MESSAGE_COLUMNS))
    )


def _case_of(row: AnyRow) -> CaseRow:
    head, last = _HANDOFF_SIZE + _HEAD_SIZE, _HANDOFF_SIZE + _HEAD_SIZE + _MESSAGE_SIZE
    named = _Named(dict(zip(_c.keys(), row[_HANDOFF_SIZE:head], strict=True)))
    conversation = conversation_of(named)  # type: ignore[arg-type]
    handoff = handoff_of(row[:_HANDOFF_SIZE]) if row[0] is not None else None  # type: ignore[arg-type]
    return CaseRow(handoff, conversation, _message_of(row[head:last]), _message_of(row[last:]))  # type: ignore[arg-type]


class _Named:
    """A part of a row, by the names of its columns."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


def _message_of(values: Sequence[Any]) -> Message | None:
    return message_of(values) if values[0] is not None else None  # type: ignore[arg-type]


def taken(connection: Connection, shop_id: str, queue: str, since: datetime, limit: int) -> Sequence[Taken]:
    """See the port."""
    came = func.coalesce(_h.queued_at, _h.created_at)
    newest = (
        select(came, _h.claimed_at, _h.claimed_by)
        .where(_h.shop_id == shop_id, _h.queue == queue, _h.claimed_at >= since)
        .order_by(_h.claimed_at.desc())
        .limit(limit)
    )
    return tuple(Taken(*row) for row in reversed(connection.execute(newest).all()))


def held(connection: Connection, shop_id: str) -> Mapping[str, int]:
    """See the port."""
    counted = (
        select(_h.claimed_by, func.count())
        .where(_h.shop_id == shop_id, _h.status.in_(OPEN), _h.claimed_by.is_not(None))
        .group_by(_h.claimed_by)
    )
    return {name: count for name, count in connection.execute(counted)}


def take_seat(connection: Connection, shop_id: str, seat: Seat) -> None:
    """Hold the person's row until the transaction ends, and count. Raises ``NoSeat``."""
    mine = (_p.shop_id == shop_id, _p.name == seat.person)
    connection.execute(update(tables.people).where(*mine).values(name=_p.name))
    if held(connection, shop_id).get(seat.person, 0) > seat.capacity:
        raise NoSeat(seat.person)


def actions_in(
    connection: Connection, shop_id: str, status: str, limit: int
) -> Sequence[tuple[ConversationId, Action]]:
    """See the port."""
    chosen = select(_a.conversation_id, *ACTION_COLUMNS).where(_a.shop_id == shop_id, _a.status == status)
    rows = connection.execute(chosen.order_by(_a.created_at, _a.id).limit(limit))
    return tuple((ConversationId(row[0]), action_of(row[1:])) for row in rows)  # type: ignore[arg-type]


def action(connection: Connection, shop_id: str, action_id: str) -> tuple[ConversationId, Action] | None:
    """See the port."""
    chosen = select(_a.conversation_id, *ACTION_COLUMNS).where(_a.shop_id == shop_id, _a.id == action_id)
    row = connection.execute(chosen).first()
    return None if row is None else (ConversationId(row[0]), action_of(row[1:]))  # type: ignore[arg-type]


def overdue(connection: Connection, now: datetime, limit: int) -> Sequence[tuple[str, ConversationId, HandoffId]]:
    """See the port."""
    late = (
        select(_h.shop_id, _h.conversation_id, _h.id)
        .where(_h.status == HandoffStatus.QUEUED.value, _h.promised_by <= now, _h.overdue_at.is_(None))
        .order_by(_h.promised_by)
        .limit(limit)
    )
    return tuple((shop, ConversationId(talk), HandoffId(case)) for shop, talk, case in connection.execute(late))


def waiting(connection: Connection) -> Mapping[tuple[str, str], int]:
    """See the port."""
    queued = select(_h.shop_id, _h.queue, func.count()).where(_h.status == HandoffStatus.QUEUED.value)
    return {(shop, queue): count for shop, queue, count in connection.execute(queued.group_by(_h.shop_id, _h.queue))}


def people(connection: Connection, shop_id: str) -> Sequence[Colleague]:
    """See the port."""
    rows = connection.execute(select(tables.people).where(_p.shop_id == shop_id).order_by(_p.name))
    return tuple(
        Colleague(
            row.name,
            row.role,
            Presence(row.status),
            row.capacity,
            tuple(row.queues or ()),
            tuple(row.languages or ()),
            row.seen_at,
        )
        for row in rows
    )


def put_person(connection: Connection, shop_id: str, person: Colleague) -> None:
    """See the port."""
    content = {
        "role": person.role,
        "status": person.status.value,
        "capacity": person.capacity,
        "queues": person.queues or None,
        "languages": person.languages or None,
        "seen_at": person.seen_at,
    }
    row = insert_into(connection, tables.people).values(shop_id=shop_id, name=person.name, **content)
    connection.execute(row.on_conflict_do_update(index_elements=list(tables.people.primary_key), set_=content))
