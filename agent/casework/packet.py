"""What a person needs to go on without asking anything again: the packet of a handoff.

It is kept in codes with their evidence, written when the case is made; what is said and done afterwards joins it when it is read
(``refreshed``), and ``packet_words`` puts it into the reader's language.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import structlog

from agent.casework.draft import Draft
from agent.casework.front import Storefront
from agent.casework.order_story import story_of
from agent.casework.packet_words import write_summary
from agent.conversation import CaseFile, Handoff, HandoffStatus, Json, Message, Reason, Speaker
from prompts.loader import Sentences
from tools.order_views import render_order
from tools.shop.models import CustomerId
from tools.situations import Clock

SNAPSHOT_S = 8.0
"""How long a handoff waits for the order system."""

MOST_ORDERS = 5

log = structlog.get_logger("postventa.handoff")


async def write_packet(draft: Draft, front: Storefront, reasons: Sequence[Reason], sentences: Sentences) -> Json:
    """The packet, JSON-ready.

    ``transcript``: every message so far. ``facts``: what the shopper said (and people noted), each with the id of its
    message. ``orders``: snapshots of the orders spoken of, ``stories``: what happened to them. ``actions``: proposals and what became of them. ``tools``: what was looked up.
    ``emotion``: frustration by message, with the words that show it. ``reasons``: why a person is needed, with the words and
    their message. ``earlier``: cases of this conversation that were closed. ``summary``: at most eight lines, in the shop's
    language. An order system that does not answer costs the snapshots, never the packet.
    """
    file = _file_of(draft)
    orders, stories = await _orders(draft, front)
    packet = {
        "language": draft.conversation.language,
        "customer": draft.conversation.customer_id,
        "identity_level": draft.conversation.identity_level,
        "orders": orders,
        "stories": stories,
        "reasons": [{"code": one.code, "detail": one.detail, "message_id": one.message_id} for one in reasons],
        **_of_file(file, None),
    }
    return {**packet, "summary": write_summary(packet, front.language, sentences)}


def refreshed(handoff: Handoff, file: CaseFile) -> dict[str, Any]:
    """The packet with all that was said and done since it was written."""
    reasons = [{"code": one.code, "detail": one.detail, "message_id": one.message_id} for one in handoff.reasons]
    return {
        "orders": [],
        "stories": [],
        **handoff.packet,
        "language": file.conversation.language,
        "customer": file.conversation.customer_id,
        "identity_level": file.conversation.identity_level,
        "reasons": reasons,
        **_of_file(file, handoff),
    }


def _file_of(draft: Draft) -> CaseFile:
    """The file as this turn will leave it."""
    file = draft.claim.file
    messages = file.messages
    if draft.reading is not None and messages:
        messages = (*messages[:-1], replace(messages[-1], reading=draft.reading))
    return replace(
        file,
        conversation=draft.conversation,
        messages=messages,
        tool_calls=(*file.tool_calls, *draft.tool_calls),
        actions=tuple(draft.actions.values()),
    )


def _of_file(file: CaseFile, handoff: Handoff | None) -> dict[str, Any]:
    """The parts that grow with the conversation; ``handoff`` is the case itself, which is no earlier one."""
    return {
        "customer_name": file.conversation.metadata.get("customer_name"),
        "transcript": [_spoken(message) for message in file.messages],
        "facts": [
            {"kind": fact.kind, "value": fact.value, "message_id": fact.message_id, "source": fact.source}
            for fact in file.conversation.facts
        ],
        "actions": [
            {
                "id": action.id,
                "kind": action.kind,
                "order": action.order_number,
                "status": action.status.value,
                "summary": action.summary,
                "failure": action.failure,
            }
            for action in file.actions
        ],
        "tools": [{"name": call.name, "arguments": call.arguments, "ok": call.ok} for call in file.tool_calls],
        "emotion": list(_emotion(file.messages)),
        "open_requests": [{"intent": one.intent, "words": one.words} for one in file.conversation.agenda],
        "earlier": [
            {
                "id": one.id,
                "status": one.status.value,
                "reasons": [reason.code for reason in one.reasons],
                "outcome": one.outcome,
                "person": one.claimed_by,
                "notes": one.notes,
                "closed_at": one.closed_at.isoformat() if one.closed_at else None,
            }
            for one in file.handoffs
            if one.status in (HandoffStatus.RETURNED, HandoffStatus.RESOLVED)
            and (handoff is None or (one.id != handoff.id and one.created_at <= handoff.created_at))
        ],
    }


def _emotion(messages: Iterable[Message]) -> Iterable[dict[str, Any]]:
    for message in messages:
        if message.who is Speaker.SHOPPER and message.reading:
            felt = message.reading.get("emotion") or {}
            yield {
                "message_id": message.id,
                "frustration": felt.get("frustration", 0.0),
                "evidence": list(felt.get("evidence", ())),
            }


def _spoken(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "who": message.who.value,
        "author": message.author,
        "text": message.text,
        "at": message.at.isoformat(),
    }


async def _orders(draft: Draft, front: Storefront) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Snapshots and stories of the orders spoken of, as far as they are the shopper's own."""
    customer_id = draft.conversation.customer_id
    if customer_id is None:
        return [], []
    found: list[dict[str, Any]] = []
    stories: list[dict[str, Any]] = []
    clock = Clock.of(front.policy, draft.now)
    try:
        async with asyncio.timeout(SNAPSHOT_S):
            customer = await front.shop.customer(CustomerId(customer_id))
            for number in _spoken_of(draft):
                order = await front.shop.order_of(CustomerId(customer_id), number)
                if order is not None and customer is not None:
                    found.append(dict(render_order(order, customer, front.zone, full_address=True)))
                    stories.append(story_of(order, clock))
    except Exception:  # whatever is wrong with the order system, the person gets the case
        log.exception("packet_without_orders", conversation=draft.conversation.id)
    return found, stories


def _spoken_of(draft: Draft) -> list[str]:
    numbers = [fact.value for fact in draft.conversation.facts if fact.kind == "order_number"]
    numbers += [action.order_number for action in draft.actions.values() if action.order_number]
    numbers += [
        str(number)
        for call in (*draft.claim.file.tool_calls, *draft.tool_calls)
        if call.ok and (number := call.arguments.get("number"))
    ]
    return list(dict.fromkeys(numbers))[-MOST_ORDERS:]
