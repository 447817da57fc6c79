"""Storing what a turn leaves behind, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, update

from agent.casework.ports import Claim, LeaseLost, Outcome
from agent.conversation import HandoffId, TurnStatus
from agent.store import outbox, spending, tables
from agent.store.decode import AnyRow
from agent.store.encode import action_row, event_row, handoff_row, head_row, message_row, tool_call_row
from agent.store.sql_desk import take_seat

_c = tables.conversations.c
_t = tables.turns.c
_m = tables.messages.c
_a = tables.actions.c
_h = tables.handoffs.c

_HEAD = ("status", "language", "channel", "updated_at", "customer_id", "identity_level", "verified_orders")
_MORE = ("code_for", "facts", "agenda", "asked", "metadata")

_RELEASE = (
    update(tables.conversations)
    .where(
        _c.id == bindparam("conversation"), _c.lease_owner == bindparam("owner"), _c.fence == bindparam("held_fence")
    )
    .values(
        {
            **{_c[name]: bindparam(f"new_{name}", type_=_c[name].type) for name in (*_HEAD, *_MORE)},
            _c.done_seq: bindparam("turn_seq"),
            _c.message_seq: _c.message_seq + bindparam("messages"),
            _c.action_count: _c.action_count + bindparam("actions"),
            _c.handoff_count: _c.handoff_count + bindparam("handoffs"),
            _c.lease_owner: None,
            _c.lease_until: None,
        }
    )
    .returning(_c.shop_id, _c.message_seq, _c.action_count, _c.handoff_count)
)
_DONE = (
    update(tables.turns)
    .where(_t.conversation_id == bindparam("conversation"), _t.seq == bindparam("turn_seq"))
    .values(
        status=TurnStatus.DONE.value,
        result=bindparam("answer", type_=_t.result.type),
        finished_at=bindparam("now"),
        usage=bindparam("used", type_=_t.usage.type),
        latency_ms=bindparam("took_ms"),
    )
)
_GIVE_NAME_BACK = (
    update(tables.turns)
    .where(_t.conversation_id == bindparam("conversation"), _t.seq == bindparam("turn_seq"))
    .values(client_message_id=None)
)
_READ = (
    update(tables.messages)
    .where(_m.conversation_id == bindparam("conversation"), _m.seq == bindparam("message_seq"))
    .values(reading=bindparam("read", type_=_m.reading.type))
)
_INSERT_MESSAGES = insert(tables.messages)
_INSERT_TOOL_CALLS = insert(tables.tool_calls)
_INSERT_ACTIONS = insert(tables.actions)
_INSERT_HANDOFFS = insert(tables.handoffs)
_INSERT_EVENTS = insert(tables.events)
_CHANGE_ACTION = update(tables.actions).where(
    _a.conversation_id == bindparam("conversation"), _a.id == bindparam("action")
)
_CHANGE_HANDOFF = update(tables.handoffs).where(
    _h.conversation_id == bindparam("conversation"), _h.id == bindparam("handoff")
)


def finish(connection: Connection, claim: Claim, outcome: Outcome, now: datetime) -> None:
    """Raises ``LeaseLost`` before anything else is written, ``NoSeat`` after all is."""
    actions_known = {action.id for action in claim.file.actions}
    handoffs_known = {handoff.id for handoff in claim.file.handoffs}
    new_actions = sum(action.id not in actions_known for action in outcome.actions)
    new_handoffs = sum(handoff.id not in handoffs_known for handoff in outcome.handoffs)
    row = connection.execute(
        _RELEASE,
        {
            **{f"new_{name}": value for name, value in head_row(outcome.conversation).items()},
            "conversation": claim.lease.conversation_id,
            "owner": claim.lease.owner,
            "held_fence": claim.lease.fence,
            "turn_seq": claim.turn.seq,
            "messages": len(outcome.messages),
            "actions": new_actions,
            "handoffs": new_handoffs,
        },
    ).first()
    if row is None:
        raise LeaseLost(claim.lease.conversation_id)
    _store_turn(connection, claim, outcome, now)
    _store_said(connection, row, claim, outcome)
    if outcome.letters:
        outbox.write(connection, outcome.letters)
    if outcome.actions:
        _store_actions(connection, row, claim, outcome, row.action_count - new_actions)
    if outcome.handoffs:
        _store_handoffs(connection, row, claim, outcome, row.handoff_count - new_handoffs)
    if outcome.seat:
        take_seat(connection, row.shop_id, outcome.seat)
    if outcome.spent:
        spending.book(connection, row.shop_id, outcome.spent)


def _store_turn(connection: Connection, claim: Claim, outcome: Outcome, now: datetime) -> None:
    of = {"conversation": claim.lease.conversation_id}
    connection.execute(
        _DONE,
        {
            **of,
            "turn_seq": claim.turn.seq,
            "answer": outcome.result,
            "now": now,
            "used": outcome.usage,
            "took_ms": outcome.latency_ms,
        },
    )
    if outcome.refused:
        connection.execute(_GIVE_NAME_BACK, {**of, "turn_seq": claim.turn.seq})
    own = claim.file.messages[-1] if claim.file.messages else None
    if outcome.reading is not None and own is not None and own.id == claim.turn.message_id:
        connection.execute(_READ, {**of, "message_seq": own.seq, "read": outcome.reading or None})


def _store_said(connection: Connection, row: AnyRow, claim: Claim, outcome: Outcome) -> None:
    if outcome.messages:
        first = row.message_seq - len(outcome.messages) + 1
        connection.execute(
            _INSERT_MESSAGES,
            [
                message_row(row.shop_id, claim.turn, replace(message, seq=seq))
                for seq, message in enumerate(outcome.messages, first)
            ],
        )
    if outcome.tool_calls:
        connection.execute(
            _INSERT_TOOL_CALLS, [tool_call_row(row.shop_id, claim.turn, call) for call in outcome.tool_calls]
        )
    if outcome.events:
        connection.execute(_INSERT_EVENTS, [event_row(row.shop_id, claim.turn, event) for event in outcome.events])


def _store_actions(connection: Connection, row: AnyRow, claim: Claim, outcome: Outcome, position: int) -> None:
    of = {"conversation_id": claim.lease.conversation_id, "shop_id": row.shop_id}
    known = {action.id for action in claim.file.actions}
    new = [action for action in outcome.actions if action.id not in known]
    if new:
        connection.execute(
            _INSERT_ACTIONS,
            [
                {**of, "id": action.id, "position": n, **action_row(action)}
                for n, action in enumerate(new, position + 1)
            ],
        )
    for action in outcome.actions:
        if action.id in known:
            connection.execute(
                _CHANGE_ACTION.values(action_row(action)),
                {"conversation": claim.lease.conversation_id, "action": action.id},
            )


def _store_handoffs(connection: Connection, row: AnyRow, claim: Claim, outcome: Outcome, position: int) -> None:
    of = {"conversation_id": claim.lease.conversation_id, "shop_id": row.shop_id}
    known: set[HandoffId] = {handoff.id for handoff in claim.file.handoffs}
    new = [handoff for handoff in outcome.handoffs if handoff.id not in known]
    if new:
        connection.execute(
            _INSERT_HANDOFFS,
            [
                {**of, "id": handoff.id, "position": n, "packet": handoff.packet, **handoff_row(handoff)}
                for n, handoff in enumerate(new, position + 1)
            ],
        )
    for handoff in outcome.handoffs:
        if handoff.id in known:
            # A claim's handoffs come without their packets: an empty one means "as it was".
            packet = {"packet": handoff.packet} if handoff.packet else {}
            connection.execute(
                _CHANGE_HANDOFF.values({**handoff_row(handoff), **packet}),
                {"conversation": claim.lease.conversation_id, "handoff": handoff.id},
            )
