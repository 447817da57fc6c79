"""What a person needs to go on without asking anything again: the packet of a handoff."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from agent.casework.draft import Draft
from agent.casework.front import Storefront
from agent.conversation import Json, Message, Reason, Speaker
from prompts.loader import Sentences
from tools.order_views import render_order
from tools.shop.models import CustomerId

SNAPSHOT_S = 8.0
"""How long a handoff waits for the order system."""

log = structlog.get_logger("postventa.handoff")


async def write_packet(draft: Draft, front: Storefront, reasons: Sequence[Reason], sentences: Sentences) -> Json:
    """The packet, JSON-ready.

    ``transcript``: every message so far. ``facts``: what the shopper said, each with the id of its message. ``orders``:
    snapshots of the orders spoken of. ``actions``: proposals and what became of them. ``tools``: what was looked up in
    this turn and before. ``emotion``: frustration by message. An order system that does not answer costs the
    snapshots, never the packet.
    """
    orders = await _orders(draft, front)
    return {
        "language": draft.conversation.language,
        "customer": draft.conversation.customer_id,
        "identity_level": draft.conversation.identity_level,
        "transcript": [_spoken(message) for message in draft.claim.file.messages],
        "summary": _summary(draft, reasons, orders, sentences),
        "facts": [
            {"kind": fact.kind, "value": fact.value, "message_id": fact.message_id} for fact in draft.conversation.facts
        ],
        "orders": orders,
        "actions": [
            {
                "id": action.id,
                "kind": action.kind,
                "order": action.order_number,
                "status": action.status.value,
                "summary": action.summary,
                "failure": action.failure,
            }
            for action in draft.actions.values()
        ],
        "tools": [
            {"name": call.name, "arguments": call.arguments, "ok": call.ok}
            for call in (*draft.claim.file.tool_calls, *draft.tool_calls)
        ],
        "emotion": [
            {"message_id": message.id, "frustration": message.reading.get("emotion", {}).get("frustration", 0.0)}
            for message in draft.claim.file.messages
            if message.who is Speaker.SHOPPER and message.reading
        ],
        "reasons": [{"code": one.code, "detail": one.detail, "message_id": one.message_id} for one in reasons],
        "open_requests": [{"intent": one.intent, "words": one.words} for one in draft.conversation.agenda],
    }


def _spoken(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "who": message.who.value,
        "author": message.author,
        "text": message.text,
        "at": message.at.isoformat(),
    }


async def _orders(draft: Draft, front: Storefront) -> list[dict[str, Any]]:
    customer_id = draft.conversation.customer_id
    if customer_id is None:
        return []
    spoken = [fact.value for fact in draft.conversation.facts if fact.kind == "order_number"]
    spoken += [action.order_number for action in draft.actions.values() if action.order_number]
    spoken += [
        str(number)
        for call in (*draft.claim.file.tool_calls, *draft.tool_calls)
        if call.ok and (number := call.arguments.get("number"))
    ]
    found: list[dict[str, Any]] = []
    try:
        async with asyncio.timeout(SNAPSHOT_S):
            customer = await front.shop.customer(CustomerId(customer_id))
            for number in list(dict.fromkeys(spoken))[-5:]:
                order = await front.shop.order_of(CustomerId(customer_id), number)
                if order is not None and customer is not None:
                    found.append(dict(render_order(order, customer, front.zone, full_address=True)))
    except Exception:  # whatever is wrong with the order system, the person gets the case
        log.exception("packet_without_orders", conversation=draft.conversation.id)
    return found


def _summary(draft: Draft, reasons: Sequence[Reason], orders: list[dict[str, Any]], sentences: Sentences) -> list[str]:
    language = draft.conversation.language
    lines = []
    if reasons:
        lines.append(sentences.say("packet.reason", language, code=reasons[0].code, detail=reasons[0].detail))
    for request in draft.conversation.agenda[:3]:
        lines.append(sentences.say("packet.wants", language, intent=request.intent, words=request.words[:160]))
    for order in orders[:2]:
        lines.append(sentences.say("packet.order", language, number=order["number"], status=order["status"]))
    for action in list(draft.actions.values())[-2:]:
        lines.append(
            sentences.say("packet.action", language, kind=action.kind, status=action.status.value, why=action.failure)
        )
    return lines[:8]
