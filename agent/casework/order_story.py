"""What has happened to an order, from the payment to now: kept in codes, told in anybody's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from agent.casework.cards.tracking import order_card
from agent.conversation import Json
from prompts.loader import Sentences
from tools.shop.models import Order, Shipment, ShipmentStatus
from tools.situations import Clock, most_pressing, situation_of
from tools.tracking import left_over, render_parcel

MOST_EVENTS = 30


def story_of(order: Order, clock: Clock) -> dict[str, Any]:
    """JSON-ready: ``track`` as the tracking tool sees it, ``events`` oldest first, each with its time in the shop's zone."""
    events = [
        {"at": at.astimezone(clock.zone).isoformat(), "code": code, "detail": detail}
        for at, code, detail in sorted(_events(order), key=lambda event: event[0])
    ]
    return {
        "order": order.number,
        "track": {
            "number": order.number,
            "status": order.status.value,
            "situation": most_pressing([situation_of(parcel, clock) for parcel in order.shipments]).value,
            "parcels": [render_parcel(parcel, order, clock) for parcel in order.shipments],
            "not_in_a_parcel": left_over(order),
        },
        "events": events[-MOST_EVENTS:],
    }


def tell_story(story: Json, language: str, sentences: Sentences) -> dict[str, Any]:
    """The same in words: ``state``, ``parcels`` with their steps, ``events`` with ``words``."""
    card = order_card(story["track"], language, sentences)
    return {
        "order": story["order"],
        "state": card["state"],
        "good": card["good"],
        "parcels": card["parcels"],
        "events": [{**event, "words": _words(event, language, sentences)} for event in story["events"]],
    }


def _words(event: Json, language: str, sentences: Sentences) -> str:
    key = f"packet.event_{event['code']}"
    words = sentences.say(key, language) if sentences.has(key) else str(event["code"]).replace("_", " ")
    return f"{words} ({event['detail']})" if event["detail"] else words


def _events(order: Order) -> Iterator[tuple[datetime, str, str]]:
    dated = [
        (order.placed_at, "placed", ""),
        *((paid.at, "refund_paid" if paid.kind == "refund" else "paid", "") for paid in order.payments),
        *(scan for parcel in order.shipments for scan in _scans(parcel)),
        *((back.requested_at, "return_requested", back.rma) for back in order.returns),
        *((back.received_at, "return_received", back.rma) for back in order.returns),
        *((swap.requested_at, "exchange_requested", swap.rma) for swap in order.exchanges),
        *((claim.opened_at, "claim_opened", claim.id) for claim in order.claims),
        *((refund.issued_at, "refund_issued", "") for refund in order.refunds),
    ]
    yield from ((at, code, detail) for at, code, detail in dated if at is not None)


def _scans(parcel: Shipment) -> Iterator[tuple[datetime | None, str, str]]:
    yield from ((scan.at, scan.status.value, scan.city) for scan in parcel.events)
    if not any(scan.status is ShipmentStatus.DELIVERED for scan in parcel.events):
        yield parcel.delivered_at, "delivered", ""
