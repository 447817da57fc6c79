"""Orders that a reply speaks of, each with the way of its parcels."""

from __future__ import annotations

from typing import Any

from agent.casework.cards.results import Results, View
from agent.casework.draft import Draft
from prompts.forms import day
from prompts.loader import Sentences

STEPS = ("pre_transit", "in_transit", "out_for_delivery", "delivered")
AT_THE_POINT = ("pre_transit", "in_transit", "available_for_pickup", "delivered")
STRANDED = frozenset({"exception", "lost", "return_to_sender", "cancelled"})
GOOD = frozenset({"delivered", "out_for_delivery", "on_time", "at_pickup_point", "not_shipped"})


def orders(draft: Draft, results: Results, sentences: Sentences) -> list[dict[str, Any]]:
    """A card for each order tracked in this turn, once each."""
    tracks = {str(track["number"]): track for track in results.get("track_order", ())}
    return [order_card(track, draft.conversation.language, sentences) for track in tracks.values()]


def order_card(track: View, language: str, sentences: Sentences) -> dict[str, Any]:
    """The card of one order, from what the tracking tool says of it."""
    return {
        "type": "order",
        "order": track["number"],
        "title": sentences.say("card.order", language, number=track["number"]),
        "state": _word("situation", str(track["situation"]), language, sentences),
        "good": track["situation"] in GOOD,
        "parcels": [_parcel(parcel, language, sentences) for parcel in track["parcels"]],
        "waiting": [_unit(unit) for unit in track["not_in_a_parcel"]],
    }


def _parcel(parcel: View, language: str, sentences: Sentences) -> dict[str, Any]:
    event, point = parcel["last_event"], parcel["pickup_point"]
    expected = parcel["delivered_at"] or (None if parcel["status"] in STRANDED else parcel["eta"])
    return {
        "carrier": parcel["carrier"],
        "tracking_number": parcel["tracking_number"],
        "tracking_url": parcel["tracking_url"] or None,
        "state": _word("situation", str(parcel["situation"]), language, sentences),
        "good": parcel["situation"] in GOOD,
        "expected": day(expected, language) if expected else None,
        "contents": [_unit(unit) for unit in parcel["contents"]],
        "steps": _steps(parcel, language, sentences),
        "last_seen": _seen(event, language) if event else None,
        "pickup_point": _point(point) if point else None,
    }


def _steps(parcel: View, language: str, sentences: Sentences) -> list[dict[str, Any]]:
    """The usual way of a parcel, and how far it has come; ``now`` is where it is, ``stopped`` where it got stuck."""
    status = str(parcel["status"])
    way = AT_THE_POINT if status == "available_for_pickup" or parcel["pickup_point"] else STEPS
    stranded = status in STRANDED
    here = 1 if stranded else way.index(status) if status in way else 0
    return [
        {
            "name": _word("step", name, language, sentences),
            "state": "done" if place < here else ("stopped" if stranded else "now") if place == here else "ahead",
        }
        for place, name in enumerate(way)
    ]


def _word(kind: str, value: str, language: str, sentences: Sentences) -> str:
    key = f"card.{kind}_{value}"
    return sentences.say(key, language) if sentences.has(key) else value.replace("_", " ")


def _unit(unit: View) -> str:
    return f"{unit['quantity']} × {unit['title']}" if unit["quantity"] > 1 else str(unit["title"])


def _seen(event: View, language: str) -> str:
    return ", ".join(part for part in (str(event["city"]), day(event["at"], language)) if part)


def _point(point: View) -> str:
    return f"{point['name']}, {point['address']['line1']}"
