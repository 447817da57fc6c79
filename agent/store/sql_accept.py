"""Accepting a turn and taking the lease: one transaction each, which starts by updating the conversation's row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, case, insert, or_, select, update

from agent.casework.ports import Claim, Lease, LeaseLost
from agent.conversation import CaseFile, ConversationId, Message, Turn
from agent.errors import NotFound
from agent.store import tables
from agent.store.accepted import as_accepted
from agent.store.decode import TURN_COLUMNS, AnyRow, conversation_of, turn_of
from agent.store.encode import message_row, turn_row
from agent.store.sql_file import OF_SHOP, file_for_turn

_c = tables.conversations.c
_t = tables.turns.c

_lease_is_free = or_(_c.lease_owner.is_(None), _c.lease_until <= bindparam("now"))
_may_start = and_(_c.seq == _c.done_seq, _lease_is_free)

_ACCEPT = (
    update(tables.conversations)
    .where(_c.id == bindparam("conversation"))
    .values(
        seq=_c.seq + 1,
        message_seq=_c.message_seq + bindparam("messages"),
        lease_owner=case((_may_start, bindparam("owner", type_=_c.lease_owner.type)), else_=_c.lease_owner),
        lease_until=case((_may_start, bindparam("until", type_=_c.lease_until.type)), else_=_c.lease_until),
        fence=case((_may_start, _c.fence + 1), else_=_c.fence),
    )
    .returning(tables.conversations)
)
_CLAIM = (
    update(tables.conversations)
    .where(*OF_SHOP, _c.seq > _c.done_seq, _lease_is_free)
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"), fence=_c.fence + 1)
    .returning(tables.conversations)
)
_RENEW = (
    update(tables.conversations)
    .where(
        _c.id == bindparam("conversation"), _c.lease_owner == bindparam("owner"), _c.fence == bindparam("held_fence")
    )
    .values(lease_until=bindparam("until"))
)
_INSERT_TURN = insert(tables.turns)
_INSERT_MESSAGE = insert(tables.messages)
_TURN_AT = select(*TURN_COLUMNS).where(_t.conversation_id == bindparam("conversation"), _t.seq == bindparam("turn_seq"))
ACCEPTED_AS = select(*TURN_COLUMNS).where(
    _t.conversation_id == bindparam("conversation"), _t.client_message_id == bindparam("client_message")
)


def accept(
    connection: Connection, turn: Turn, message: Message | None, owner: str, now: datetime, lease_s: float
) -> Turn | Claim:
    """Store both and claim the turn when nothing is in the way.

    Raises ``NotFound``, and ``sqlalchemy.exc.IntegrityError`` when the conversation has this ``client_message_id``.
    """
    until = now + timedelta(seconds=lease_s)
    row = connection.execute(
        _ACCEPT,
        {
            "conversation": turn.conversation_id,
            "messages": 0 if message is None else 1,
            "owner": owner,
            "now": now,
            "until": until,
        },
    ).first()
    if row is None:
        raise NotFound()
    stored = as_accepted(turn, row.seq, message)
    connection.execute(_INSERT_TURN, turn_row(row.shop_id, stored))
    if message is not None:
        message = replace(message, seq=row.message_seq)
        connection.execute(_INSERT_MESSAGE, message_row(row.shop_id, stored, message))
    # A lease is only ever held while a turn waits: with none before this one, it is ours and new.
    if row.seq != row.done_seq + 1 or row.lease_owner != owner:
        return stored
    if row.seq == 1:
        file = CaseFile(conversation_of(row), (message,) if message else ())
    else:
        file = file_for_turn(connection, row, row.seq)
    return Claim(_lease(row), stored, file)


def claim(
    connection: Connection, shop_id: str, conversation_id: str, owner: str, now: datetime, lease_s: float
) -> Claim | None:
    """The earliest turn that waits, when nobody holds a lease."""
    row = connection.execute(
        _CLAIM,
        {
            "conversation": conversation_id,
            "shop": shop_id,
            "owner": owner,
            "now": now,
            "until": now + timedelta(seconds=lease_s),
        },
    ).first()
    if row is None:
        return None
    turn_seq = row.done_seq + 1
    turn = turn_of(connection.execute(_TURN_AT, {"conversation": conversation_id, "turn_seq": turn_seq}).one())
    return Claim(_lease(row), turn, file_for_turn(connection, row, turn_seq))


def renew(connection: Connection, lease: Lease, now: datetime, lease_s: float) -> Lease:
    """Raises ``LeaseLost``."""
    until = now + timedelta(seconds=lease_s)
    renewed = connection.execute(
        _RENEW,
        {"conversation": lease.conversation_id, "owner": lease.owner, "held_fence": lease.fence, "until": until},
    )
    if renewed.rowcount != 1:
        raise LeaseLost(lease.conversation_id)
    return replace(lease, until=until)


def _lease(row: AnyRow) -> Lease:
    return Lease(ConversationId(row.id), row.lease_owner, row.fence, row.lease_until)
