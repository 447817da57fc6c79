"""Where is my order."""

from __future__ import annotations

from collections.abc import Sequence

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.orders import Summary, find_order, numbers_in
from agent.loop.embedded.flows.parcels import next_step, tell, tell_again, tell_tracking, what_happened
from agent.loop.embedded.flows.proposing import failed
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.signs import says
from agent.understanding.reading import Answer, EntityKind

PRESSING = ("lost", "delivery_failed", "stuck", "late", "at_pickup_point", "out_for_delivery", "on_time", "not_shipped")
UNDER_WAY = ("unpaid", "processing", "packed", "shipped")
CLAIMABLE = ("lost", "stuck", "returning")
ASKS = {"lost": ("choice",), "returning": ("choice",), "address_problem": ("instructions",)}
MOST_AT_ONCE = 3
MISSED = "missed"
"""In the memory once a parcel that should have come was missed: another order named then is the one meant."""


def tell_status(case: Case, request: Request) -> Step:
    """Say where the order is, parcel by parcel, and what can be done next; a delivered-but-not-there becomes a claim."""
    several = _several(case, request)
    if several:
        return several
    request = of_a_part(case, request)
    absent = bool(meaning_of("absent", request.words)) and case.brief.reading.answer is not Answer.NO
    absent = absent or (
        case.remembers(MISSED) and "choice" in case.brief.asked and bool(case.told(EntityKind.ORDER_NUMBER))
    )
    arrived = absent and bool(meaning_of("arrived", request.words))
    number = find_order(
        case,
        request,
        (lambda one: one["situation"] == "delivered") if arrived else _any,
        or_else=_any,
        choose=most_pressing,
    )
    if isinstance(number, Step):
        return number
    if case.learned(_told(number)):
        return Step(())
    track = case.call("track_order", number=number)
    if "error" in track:
        return failed(case, request, track)
    if absent and track["situation"] == "delivered":
        case.remember(_told(number))
        return _not_received(case, request, number, track)
    return _tell_one(case, request, number, track)


def _tell_one(case: Case, request: Request, number: str, track: Result) -> Step:
    """The whole story the first time and when it took a turn, afterwards only what matters of it."""
    known = case.remembers(_told(number)) and bool(track["parcels"])
    if known and says("tracking_number", request.words):
        return Step((tell_tracking(case, track),), offer=_offer(request, number, track))
    stands = f"{_told(number)}:{what_happened(track)}"
    if known and case.remembers(stands) and case.sentences.has(f"status.again_{track['situation']}"):
        return Step((tell_again(case, track),), offer=_offer(request, number, track))
    case.remember(_told(number))
    case.remember(stands)
    offer = _offer(request, number, track)
    asks = ASKS.get(what_happened(track), ())
    return Step((tell(case, track), next_step(case, track), _others(case, request, number)), asks, offer=offer)


def of_a_part(case: Case, request: Request) -> Request:
    """Which order it is of which only a part came: the one that travels in several parcels."""
    if case.identity.level < 2 or request.slots.get("order") or not says("only_a_part", request.words):
        return request
    listed = case.call("list_orders").get("orders", ())
    open_ones = [one for one in listed if len(one["items"]) > 1 and one["status"] in UNDER_WAY]
    if numbers_in(request.words, listed):
        return request
    for one in open_ones[:MOST_AT_ONCE]:
        track = case.call("track_order", number=one["number"])
        if len(track.get("parcels", ())) > 1:
            return with_slots(request, request.stage, order=one["number"])
    return request


def _told(number: str) -> str:
    return f"told:{number}"


def _any(_: Summary) -> bool:
    return True


def _several(case: Case, request: Request) -> Step | None:
    """More than one order named in one question: a short answer for each."""
    if case.identity.level < 2 or len(request.words) < 2 * 5:
        return None
    listed = case.call("list_orders").get("orders", ())
    numbers = numbers_in(case.text, listed)[:MOST_AT_ONCE]
    if len(numbers) < 2:
        return None
    tracks = [case.call("track_order", number=number) for number in numbers]
    for number in numbers:
        case.remember(_told(number))
    return Step(tuple(tell(case, track) for track in tracks if "error" not in track))


def _others(case: Case, request: Request, number: str) -> str:
    """What else is under way, once, when the shopper did not say which order they meant."""
    if (
        case.identity.level < 2
        or case.told(EntityKind.ORDER_NUMBER)
        or request.slots.get("order")
        or case.remembers("others")
    ):
        return ""
    listed = case.call("list_orders")["orders"]
    if numbers_in(request.words, listed):
        return ""
    case.remember("others")
    under_way = [one["number"] for one in listed if one["status"] in UNDER_WAY and one["number"] != number]
    return case.say("status.others", numbers=under_way[:4]) if under_way else ""


def most_pressing(orders: Sequence[Summary]) -> str:
    """The order a worried shopper means: the one in trouble, else the one on its way, else the newest."""
    ranked = sorted(orders, key=lambda one: PRESSING.index(one["situation"]) if one["situation"] in PRESSING else 99)
    return str(ranked[0]["number"])


def _offer(request: Request, number: str, track: Result) -> Request | None:
    """What the parcel's situation calls for, held out to the shopper: a claim, or a note with what is missing."""
    situation = what_happened(track)
    if situation == "address_problem":
        return Request("delivery_instructions", "", {"order": number}, "offer")
    if situation not in CLAIMABLE:
        return None
    return Request("item_problem", request.words, {"order": number, "problem": "not_received"}, "offer")


def _not_received(case: Case, request: Request, number: str, track: Result) -> Step:
    """The carrier says delivered, the shopper says no: say what the carrier wrote, and offer to open the case."""
    case.remember(MISSED)
    offered = with_slots(Request("item_problem", request.words, {"order": number, "problem": "not_received"}), "offer")
    return Step((f"{tell(case, track)} {case.say('status.not_received_offer')}",), ("choice",), offer=offered)
