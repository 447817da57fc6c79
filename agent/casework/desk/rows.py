"""A case, a conversation, a colleague as the desk's pages and API show them: JSON-ready."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agent.casework.callback import number_of
from agent.casework.desk.ports import CaseRow, Colleague, LiveRow
from agent.casework.tickets import ticket_of
from agent.conversation import Action, Conversation, ConversationId, Entry, Handoff, HandoffStatus, Message
from knowledge.port import Passage

Wait = tuple[int, int] | None
EXCERPT = 160


def render_row(case: CaseRow, now: datetime, wait: Wait = None) -> dict[str, Any]:
    """A case in a queue. ``waiting_s`` counts until somebody took it; ``expected_wait_s`` is ``[low, high]`` in seconds."""
    handoff = case.handoff
    until = handoff.claimed_at or handoff.closed_at or now
    return {
        "id": handoff.id,
        "ticket": ticket_of(handoff.id),
        "conversation_id": handoff.conversation_id,
        "status": handoff.status.value,
        "conversation_status": case.conversation.status.value,
        "queue": handoff.queue,
        "priority": handoff.priority,
        "language": case.conversation.language,
        "customer": customer_name(case.conversation),
        "reasons": [{"code": one.code, "detail": one.detail, "message_id": one.message_id} for one in handoff.reasons],
        "frustration": frustration_of(case.heard),
        "last_message": render_last(case.last),
        "created_at": handoff.created_at.isoformat(),
        "waiting_s": max(0, round((until - handoff.waits_since).total_seconds())),
        "expected_wait_s": list(wait) if wait else None,
        "promised_by": _iso(handoff.promised_by),
        "overdue": handoff.overdue_at is not None,
        "callback": number_of(handoff) or None,
        "claimed_by": handoff.claimed_by,
        "claimed_at": _iso(handoff.claimed_at),
        "closed_at": _iso(handoff.closed_at),
        "outcome": handoff.outcome,
        "notes": handoff.notes,
    }


def render_live(row: LiveRow) -> dict[str, Any]:
    """A conversation as a lead sees it."""
    head = row.conversation
    return {
        "conversation_id": head.id,
        "status": head.status.value,
        "language": head.language,
        "channel": head.channel,
        "customer": customer_name(head),
        "created_at": head.created_at.isoformat(),
        "updated_at": head.updated_at.isoformat(),
        "frustration": frustration_of(row.heard),
        "last_message": render_last(row.last),
        "wants": [one.intent for one in head.agenda],
        "handoff_id": row.handoff.id if row.handoff else None,
        "claimed_by": row.handoff.claimed_by if row.handoff else None,
    }


def render_colleague(person: Colleague, held: int, *, present: bool) -> dict[str, Any]:
    """Somebody of the desk; ``present`` is whether they would take a case now, by what was last heard of them."""
    return {
        "name": person.name,
        "role": person.role,
        "status": person.status.value,
        "present": present,
        "capacity": person.capacity,
        "open_cases": held,
        "queues": list(person.queues),
        "languages": list(person.languages),
        "seen_at": _iso(person.seen_at),
    }


def render_entries(entries: Sequence[Entry], *kinds: str) -> list[dict[str, Any]]:
    """Lines of a case's log, the oldest first; only of these kinds, when any are named."""
    return [
        {"kind": one.kind, "by": one.by, "text": one.text, "to": one.to, "at": one.at.isoformat()}
        for one in entries
        if not kinds or one.kind in kinds
    ]


def render_exception(conversation_id: ConversationId, action: Action, handoff: Handoff | None) -> dict[str, Any]:
    """A change that waits for a person with authority; ``codes`` are what they would allow."""
    codes = [str(code) for code in action.proposal.get("granted", ())]
    return {
        "id": action.id,
        "conversation_id": conversation_id,
        "handoff_id": handoff.id if handoff else None,
        "kind": action.kind,
        "order": action.order_number,
        "status": action.status.value,
        "summary": action.summary,
        "before": dict(action.before),
        "after": dict(action.after),
        "cost": action.cost,
        "code": codes[0] if codes else "",
        "codes": codes,
        "asked_at": _iso(action.decided_at) or action.created_at.isoformat(),
    }


def render_passage(passage: Passage) -> dict[str, Any]:
    """A piece of an article, to quote."""
    return {
        "article": passage.article,
        "title": passage.title,
        "url": passage.url,
        "quote": passage.text,
        "score": round(passage.score, 4),
        "supports": passage.supports,
    }


def customer_name(conversation: Conversation) -> str | None:
    """As far as the shopper is known."""
    told = conversation.fact("name")
    name = conversation.metadata.get("customer_name") or (told.value if told else None)
    return str(name) if name else None


def frustration_of(heard: Message | None) -> float:
    """0..1, of the shopper's last message."""
    emotion = heard.reading.get("emotion") if heard else None
    return float(emotion["frustration"]) if emotion else 0.0


def render_last(message: Message | None) -> dict[str, Any] | None:
    """The beginning of a message."""
    if message is None:
        return None
    text = " ".join(message.text.split())
    short = text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"
    return {"who": message.who.value, "author": message.author, "text": short, "at": message.at.isoformat()}


def is_closed(handoff: Handoff) -> bool:
    """Whether nobody works on it any more."""
    return handoff.status in (HandoffStatus.RETURNED, HandoffStatus.RESOLVED)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
