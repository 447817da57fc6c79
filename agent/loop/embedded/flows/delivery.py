"""Changing how an order is brought: address, pickup point, hold, instructions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.addresses import NEEDED, address_of
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import put_to_shopper, still_pending
from agent.loop.embedded.notes import note_in, whole_note
from agent.loop.signs import says
from agent.loop.wording import PERSON
from agent.understanding.reading import Answer, EntityKind, Intent

ONLY_YES = 2
MOVING = ("unpaid", "processing", "packed", "shipped")
NO_LONGER_MOVED = ("out_for_delivery", "at_pickup_point", "delivered", "lost")

KIND_OF = {
    "delivery.address_too_late": "change_address",
    "delivery.slot_not_open": "change_slot",
    "delivery.pickup_not_open": "change_pickup",
    "delivery.hold_not_open": "hold_delivery",
}


def keeps_back(words: str) -> bool:
    """Whether the words ask to keep a parcel rather than to bring it at another time."""
    return says("keeps_back", words) and not says("sooner", words)


def find_moving(case: Case, request: Request) -> str | Step:
    """The order on its way that is meant, else one not arrived, so that the reason can be told."""

    def fits(order: Summary) -> bool:
        return _on_its_way(order) or (order["number"] == case.brief.focus and _not_arrived(order))

    return find_order(
        case, request, fits, level=2, or_else=_not_arrived, none_fits="order.none_on_its_way", choose=_missed
    )


def _missed(orders: Sequence[Summary]) -> str | None:
    """The one parcel that nobody was there for, of several: it is what has to be arranged anew."""
    missed = [str(one["number"]) for one in orders if one["situation"] == "delivery_failed"]
    return missed[0] if len(missed) == 1 else None


def not_open(case: Case, options: Result, key: str) -> Step:
    """It can no longer be done, or is nothing this shop ever does, with what still can."""
    language, kind = case.brief.language, KIND_OF[key]
    instead = case.wording.alternatives(options["allowed"] or [PERSON], language)
    if kind in options["not_offered"]:
        why = case.say("delivery.not_offered", what=case.say(f"alternative.{kind}"))
    else:
        why = case.say(key, number=options["number"])
    return Step((" ".join(part for part in (why, instead) if part),))


def change_address(case: Case, request: Request) -> Step:
    """Another address for an order, or for the account; only what is missing of it is asked."""
    given = address_of(case, request)
    pending = still_pending(case, request, given != request.slots.get("address"), case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    profile = says("account", request.words)
    number = (
        ""
        if profile and case.identity.level >= 2
        else find_moving(case, with_slots(request, request.stage, address=given))
    )
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number, address=given)
    missing = [name for name in NEEDED if not given.get(name)]
    if missing:
        return (None if profile else _too_late(case, number)) or _ask_address(case, kept, missing)
    if profile:
        return put_to_shopper(case, kept, case.call("change_profile_address", address=given))
    return put_to_shopper(case, kept, case.call("change_address", number=number, address=given))


def _ask_address(case: Case, request: Request, missing: Sequence[str]) -> Step:
    if len(missing) < len(NEEDED):
        return Step((case.say("delivery.ask_address_rest", missing=missing),), ("address",), request)
    key = "delivery.ask_address_again" if case.asked("address") else "delivery.ask_address"
    return Step((case.say(key),), ("address",), request)


def _too_late(case: Case, number: str) -> Step | None:
    """Before asking for an address that cannot be used: say so, with what can still be done."""
    options = case.call("delivery_options", number=number)
    if "error" in options or "change_address" in options["allowed"]:
        return None
    return not_open(case, options, "delivery.address_too_late")


def hold(case: Case, request: Request) -> Step:
    """Keep the parcel back until a day."""
    until = case.heard(EntityKind.DATE)
    pending = still_pending(case, request, until, case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_moving(case, request)
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number)
    day = _as_day(until or case.told(EntityKind.DATE))
    if day is not None:
        return put_to_shopper(case, kept, case.call("hold_delivery", number=number, until=day))
    options = case.call("delivery_options", number=number)
    if "error" not in options and "hold_delivery" not in options["allowed"]:
        return not_open(case, options, "delivery.hold_not_open")
    return Step((case.say("delivery.ask_hold", days=options.get("hold_max_days")),), ("date",), kept)


def _as_day(value: str | None) -> str | None:
    try:
        return date.fromisoformat(value[:10]).isoformat() if value else None
    except ValueError:
        return None


def give_instructions(case: Case, request: Request) -> Step:
    """A note for the carrier, in the shopper's words."""
    if request.stage == "offer" and case.brief.reading.answer is Answer.NO:
        return Step((case.say("social.nothing_else"),))
    fresh = _answered_note(case) if case.asked("instructions") else note_in(case.text)
    note = fresh or request.slots.get("note") or note_in(request.words)
    if keeps_back(request.words) and case.told(EntityKind.DATE) and not note:
        return hold(case, request)
    renewed = fresh and fresh != request.slots.get("note")
    pending = still_pending(case, request, case.heard(EntityKind.ORDER_NUMBER), renewed)
    if pending:
        return pending
    kept = with_slots(request, request.stage, note=note) if note else request
    number = find_order(case, kept, _not_arrived, level=2, none_fits="order.none_on_its_way", choose=_for_the_driver)
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number, note=note)
    if not note:
        return Step((case.say("delivery.ask_note"),), ("instructions",), kept)
    return put_to_shopper(case, kept, case.call("set_instructions", number=number, text=note))


def _answered_note(case: Case) -> str:
    """The whole answer, unless it only says yes to leaving one."""
    only_yes = case.brief.reading.has(Intent.AFFIRM) and len(case.text.split()) <= ONLY_YES
    return "" if only_yes else whole_note(case.text)


def _for_the_driver(orders: Sequence[Summary]) -> str | None:
    return _missed(orders) or _only_shipped(orders)


def _only_shipped(orders: Sequence[Summary]) -> str | None:
    """A note for the driver is for the one parcel that a driver has, or will have."""
    shipped = [
        str(one["number"])
        for one in orders
        if one["status"] == "shipped" and one["situation"] not in ("at_pickup_point", "lost", "delivered")
    ]
    return shipped[0] if len(shipped) == 1 else None


def _on_its_way(order: Summary) -> bool:
    return order["status"] in MOVING and order["situation"] not in NO_LONGER_MOVED


def _not_arrived(order: Summary) -> bool:
    return order["status"] in MOVING
