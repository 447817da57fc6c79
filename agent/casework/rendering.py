"""The answer to a move as it is sent and kept: the ``Turn`` of the HTTP contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.casework.draft import Draft
from agent.casework.tickets import ticket_of
from agent.conversation import Action, Handoff, Message


def render_turn(
    draft: Draft, reply: Message | None, position: int, latency_ms: int, cards: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """JSON-ready; ``reply`` is none while a person has the conversation."""
    return {
        "conversation_id": draft.conversation.id,
        "id": draft.claim.turn.id,
        "status": draft.conversation.status.value,
        "language": draft.conversation.language,
        "reply": None
        if reply is None
        else {"id": reply.id, "text": reply.text, "citations": [dict(one) for one in reply.citations]},
        "asks": list(draft.asks),
        "actions": [render_action(action) for action in draft.changed.values()],
        "cards": [dict(card) for card in cards],
        "handoff": render_handoff(draft.handoff, position, draft.wait) if draft.handoff else None,
        "tools": [{"name": call.name, "ok": call.ok, "ms": call.ms} for call in draft.tool_calls],
        "usage": draft.usage,
        "latency_ms": latency_ms,
    }


def render_action(action: Action) -> dict[str, Any]:
    """An action as the shopper may see it."""
    return {
        "id": action.id,
        "kind": action.kind,
        "order": action.order_number,
        "status": action.status.value,
        "summary": action.summary,
        "before": dict(action.before),
        "after": dict(action.after),
        "cost": action.cost,
        "expires_at": action.expires_at.isoformat(),
        "receipt": render_receipt(action),
    }


def render_receipt(action: Action) -> Mapping[str, Any] | None:
    """The parts of a receipt that are the shopper's: references, deadline, label, undo."""
    receipt = action.receipt
    if receipt is None:
        return None
    return {
        "id": receipt["proposal_id"],
        "at": receipt["at"],
        "references": receipt["references"],
        "label_url": receipt["label_url"],
        "ship_by": receipt["terms"].get("ship_by"),
        "undo_until": action.undo_until.isoformat() if action.undo_until else None,
    }


def render_handoff(handoff: Handoff, position: int, wait: tuple[int, int] | None = None) -> dict[str, Any]:
    """A handoff as the shopper may see it; ``wait`` is the live estimate in seconds, where there is one."""
    return {
        "id": handoff.id,
        "ticket": ticket_of(handoff.id),
        "status": handoff.status.value,
        "reasons": [{"code": one.code, "detail": one.detail, "message_id": one.message_id} for one in handoff.reasons],
        "queue": handoff.queue,
        "position": position,
        "expected_wait_s": list(wait) if wait else None,
        "promised_by": handoff.promised_by.isoformat() if handoff.promised_by else None,
        "person": handoff.claimed_by,
    }
