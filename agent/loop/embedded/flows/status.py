"""Where is my order."""

from __future__ import annotations

from collections.abc import Sequence

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed
from agent.loop.embedded.mentions import fold
from agent.understanding.reading import EntityKind

PRESSING = ("lost", "delivery_failed", "stuck", "late", "at_pickup_point", "out_for_delivery", "on_time", "not_shipped")
UNDER_WAY = ("unpaid", "processing", "packed", "shipped")
ARRIVED = ("delivered", "entregad", "entregue")
NOTHING_TO_DO = ("on_time", "at_pickup_point")
NOT_HERE = ("no me lleg", "no lleg", "no lo recib", "no la recib", "no recib", "no esta", "nunca lleg", "never arriv", "not here", "didn't get",
            "did not get", "not receiv", "haven't receiv", "never got", "didnt get", "nao recebi", "nao chegou", "nunca chegou")  # fmt: skip


def tell_status(case: Case, request: Request) -> Step:
    """Say where the order is, parcel by parcel, and what can be done next; a delivered-but-not-there becomes a claim."""
    absent = _not_here(request.words)
    arrived = absent and any(word in fold(request.words) for word in ARRIVED)
    number = find_order(
        case, request, (lambda one: one["situation"] == "delivered") if arrived else _any, or_else=_any, choose=most_pressing
    )
    if isinstance(number, Step):
        return number
    track = case.call("track_order", number=number)
    if "error" in track:
        return failed(case, request, track)
    if absent and track["situation"] == "delivered":
        return _not_received(case, request, number, track)
    return Step(tuple(part for part in (_tell(case, track), _next_step(case, track), _others(case, request, number)) if part))


def _any(_: Summary) -> bool:
    return True


def _others(case: Case, request: Request, number: str) -> str:
    """What else is under way, when the shopper did not say which order they meant."""
    if case.identity.level < 2 or case.heard(EntityKind.ORDER_NUMBER) or request.slots.get("order"):
        return ""
    under_way = [one["number"] for one in case.call("list_orders")["orders"] if one["status"] in UNDER_WAY and one["number"] != number]
    return case.say("status.others", numbers=under_way[:4]) if under_way else ""


def most_pressing(orders: Sequence[Summary]) -> str:
    """The order a worried shopper means: the one in trouble, else the one on its way, else the newest."""
    ranked = sorted(orders, key=lambda one: PRESSING.index(one["situation"]) if one["situation"] in PRESSING else 99)
    return str(ranked[0]["number"])


def _tell(case: Case, track: Result) -> str:
    parcels: Sequence[Result] = track["parcels"]
    if not parcels:
        return case.say(f"status.order_{track['status']}", number=track["number"])
    if len(parcels) == 1:
        return _tell_parcel(case, track["number"], parcels[0])
    parts = [
        case.say("status.one_of", place=place, contents=_titles(parcel), told=_tell_parcel(case, "", parcel))
        for place, parcel in enumerate(parcels, 1)
    ]
    return "\n".join([case.say("status.split", number=track["number"], count=len(parcels)), *parts])


def _tell_parcel(case: Case, number: str, parcel: Result) -> str:
    event = parcel["last_event"] or {}
    values = {
        "number": number,
        "contents": _titles(parcel),
        "carrier": parcel["carrier"],
        "tracking": parcel["tracking_number"],
        "eta": parcel["eta"],
        "promised": parcel["promised_by"],
        "late": parcel["days_late"],
        "silent": parcel["days_without_scan"],
        "city": event.get("city") or "",
        "delivered": parcel["delivered_at"],
        "point": (parcel["pickup_point"] or {}).get("name", ""),
        "hours": (parcel["pickup_point"] or {}).get("hours", ""),
        "until": parcel["pickup_until"],
        "attempts": parcel["attempts"],
    }
    key = f"status.{parcel['situation']}"
    wanted = case.sentences.keys[key]
    return case.say(key, **{name: values[name] for name in wanted})


def _titles(parcel: Result) -> list[str]:
    return [str(unit["title"]) for unit in parcel["contents"]]


def _next_step(case: Case, track: Result) -> str:
    """What the shopper can do now, in one sentence."""
    if track["situation"] in NOTHING_TO_DO:
        return ""
    key = f"status.next_{track['situation']}"
    offers = case.wording.alternatives_named(track["next_steps"], case.brief.language)
    if case.sentences.has(key):
        return case.say(key)
    return case.say("status.next_other", options=offers) if offers else ""


def _not_here(words: str) -> bool:
    folded = fold(words)
    return any(phrase in folded for phrase in NOT_HERE)


def _not_received(case: Case, request: Request, number: str, track: Result) -> Step:
    """The carrier says delivered, the shopper says no: say what the carrier wrote, and offer to open the case."""
    kept = Request("item_problem", request.words, {"order": number, "problem": "not_received"}, "open")
    told = _tell(case, track)
    return Step((f"{told} {case.say('status.not_received_offer')}",), ("confirmation_to_report",), with_slots(kept, "offer"))
