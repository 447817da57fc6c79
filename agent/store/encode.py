"""From the conversation's values to rows. Empty collections are stored as NULL."""

from __future__ import annotations

from typing import Any

from agent.conversation import Action, Conversation, Event, Fact, Handoff, Message, ToolCall, Turn

Row = dict[str, Any]


def head_row(conversation: Conversation) -> Row:
    """The columns that a turn may change."""
    return {
        "status": conversation.status.value,
        "language": conversation.language,
        "channel": conversation.channel,
        "updated_at": conversation.updated_at,
        "customer_id": conversation.customer_id,
        "identity_level": conversation.identity_level,
        "verified_orders": conversation.verified_orders or None,
        "code_for": conversation.code_for,
        "facts": [_fact(fact) for fact in conversation.facts] or None,
        "agenda": [
            {"intent": request.intent, "words": request.words, "slots": request.slots, "stage": request.stage}
            for request in conversation.agenda
        ]
        or None,
        "asked": conversation.asked or None,
        "metadata": conversation.metadata or None,
    }


def _fact(fact: Fact) -> Row:
    row = {"kind": fact.kind, "value": fact.value, "message_id": fact.message_id, "at": fact.at.isoformat()}
    return row if fact.source == "shopper" else {**row, "source": fact.source}


def conversation_row(conversation: Conversation, token_hash: str) -> Row:
    """A new conversation: no turns, no lease."""
    return {
        **head_row(conversation),
        "id": conversation.id,
        "shop_id": conversation.shop_id,
        "token_hash": token_hash,
        "created_at": conversation.created_at,
        "seq": 0,
        "done_seq": 0,
        "message_seq": 0,
        "action_count": 0,
        "handoff_count": 0,
        "fence": 0,
    }


def turn_row(shop_id: str, turn: Turn) -> Row:
    """A turn as accepted."""
    return {
        "id": turn.id,
        "shop_id": shop_id,
        "conversation_id": turn.conversation_id,
        "seq": turn.seq,
        "kind": turn.kind.value,
        "status": turn.status.value,
        "input": turn.input,
        "accepted_at": turn.accepted_at,
        "message_id": turn.message_id,
        "client_message_id": turn.client_message_id,
    }


def message_row(shop_id: str, turn: Turn, message: Message) -> Row:
    """A message of that turn, with the ``seq`` it has."""
    return {
        "conversation_id": turn.conversation_id,
        "seq": message.seq,
        "shop_id": shop_id,
        "id": message.id,
        "turn_seq": turn.seq,
        "who": message.who.value,
        "text": message.text,
        "at": message.at,
        "language": message.language,
        "turn_id": message.turn_id,
        "client_message_id": message.client_message_id,
        "author": message.author,
        "citations": message.citations or None,
        "reading": message.reading or None,
    }


def tool_call_row(shop_id: str, turn: Turn, call: ToolCall) -> Row:
    """A tool call of that turn."""
    return {
        "conversation_id": turn.conversation_id,
        "turn_seq": turn.seq,
        "position": call.position,
        "shop_id": shop_id,
        "id": call.id,
        "turn_id": call.turn_id,
        "name": call.name,
        "arguments": call.arguments,
        "result": call.result,
        "ok": call.ok,
        "ms": call.ms,
    }


def action_row(action: Action) -> Row:
    """All of an action but where it belongs."""
    return {
        "turn_id": action.turn_id,
        "kind": action.kind,
        "order_number": action.order_number,
        "status": action.status.value,
        "summary": action.summary,
        "before": action.before,
        "after": action.after,
        "cost": action.cost,
        "proposal": action.proposal,
        "digest": action.digest,
        "created_at": action.created_at,
        "expires_at": action.expires_at,
        "decided_at": action.decided_at,
        "receipt": action.receipt,
        "undo_until": action.undo_until,
        "failure": action.failure,
    }


def handoff_row(handoff: Handoff) -> Row:
    """All of a handoff but where it belongs and its packet."""
    return {
        "status": handoff.status.value,
        "queue": handoff.queue,
        "priority": handoff.priority,
        "language": handoff.language,
        "reasons": [
            {"code": reason.code, "detail": reason.detail, "message_id": reason.message_id}
            for reason in handoff.reasons
        ],
        "created_at": handoff.created_at,
        "promised_by": handoff.promised_by,
        "claimed_by": handoff.claimed_by,
        "claimed_at": handoff.claimed_at,
        "closed_at": handoff.closed_at,
        "outcome": handoff.outcome,
        "notes": handoff.notes,
        "log": [
            {"kind": one.kind, "by": one.by, "text": one.text, "at": one.at.isoformat(), "to": one.to}
            for one in handoff.log
        ]
        or None,
        "queued_at": handoff.queued_at,
        "overdue_at": handoff.overdue_at,
    }


def event_row(shop_id: str, turn: Turn, event: Event) -> Row:
    """An event of that turn's conversation."""
    return {
        "conversation_id": turn.conversation_id,
        "turn_seq": event.turn_seq,
        "n": event.n,
        "shop_id": shop_id,
        "type": event.type,
        "data": event.data,
    }
