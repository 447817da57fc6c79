"""Changing how an order is brought: address, window, pickup point, hold, instructions."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.loop.embedded.mentions import fold, mentions, ordinal_in
from agent.understanding.reading import EntityKind

MOVING = ("unpaid", "processing", "packed", "shipped")
NO_LONGER_MOVED = ("out_for_delivery", "at_pickup_point", "delivered", "lost")
HOLD = re.compile(r"\b(?:reten|guard|esper(?:e|en|ar)|hold|keep|wait|segur|vacacion|vacation|holiday|viaj|travel|ferias)")
PROFILE = re.compile(r"\b(?:mi (?:perfil|cuenta)|direccion (?:predeterminada|por defecto)|my (?:profile|account)|default address|"
                     r"endereco padrao|meu (?:perfil|cadastro)|minha conta)\b")  # fmt: skip
NEEDED = ("line1", "city", "postal_code")


def _on_its_way(order: Summary) -> bool:
    return order["status"] in MOVING and order["situation"] not in NO_LONGER_MOVED


def _not_arrived(order: Summary) -> bool:
    return order["status"] in MOVING


def change_address(case: Case, request: Request) -> Step:
    """Another address for an order, or for the account; only what is missing of it is asked."""
    given = _address(case, request)
    pending = still_pending(case, request, given != request.slots.get("address"), case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_order(case, request, _on_its_way, level=2, or_else=_not_arrived, none_fits="order.none_on_its_way")
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number, address=given)
    missing = [name for name in NEEDED if not given.get(name)]
    if missing:
        blocked = _too_late(case, number)
        if blocked:
            return blocked
        key = "delivery.ask_address" if len(missing) == len(NEEDED) else "delivery.ask_address_rest"
        words = case.say(key) if key == "delivery.ask_address" else case.say(key, missing=missing)
        return Step((words,), ("address",), kept)
    if PROFILE.search(fold(request.words)):
        return put_to_shopper(case, kept, case.call("change_profile_address", address=given))
    return put_to_shopper(case, kept, case.call("change_address", number=number, address=given))


def _too_late(case: Case, number: str) -> Step | None:
    """Before asking for an address that cannot be used: say so, with what can still be done."""
    options = case.call("delivery_options", number=number)
    if "error" in options or "change_address" in options["allowed"]:
        return None
    instead = case.wording.alternatives(options["allowed"], case.brief.language)
    return Step((" ".join(part for part in (case.say("delivery.address_too_late", number=number), instead) if part),))


def _address(case: Case, request: Request) -> dict[str, str]:
    """The parts said so far, the newest on top."""
    parts: dict[str, str] = dict(request.slots.get("address", {}))
    said = case.heard(EntityKind.ADDRESS)
    if said:
        read: dict[str, Any] = json.loads(said)
        parts |= {name: str(value) for name, value in read.items() if value}
    elif case.asked("address") and not parts.get("line1") and re.search(r"\d", case.brief.reading.text):
        parts["line1"] = case.brief.reading.text.strip()
    code = case.heard(EntityKind.POSTAL_CODE)
    if code and (case.asked("address") or said):
        parts["postal_code"] = code
    elif case.asked("address") and parts.get("line1") and not parts.get("city") and not said:
        parts["city"] = case.brief.reading.text.strip(" .")
    return parts


def change_slot(case: Case, request: Request) -> Step:
    """Another delivery window: the one said when the carrier offers it, or the windows to choose from."""
    if HOLD.search(fold(request.words)) and not case.asked("choice"):
        return hold(case, request)
    day, window = case.heard(EntityKind.DATE), case.heard(EntityKind.TIME_WINDOW)
    pending = still_pending(case, request, day, window, case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_order(case, request, _on_its_way, level=2, or_else=_not_arrived, none_fits="order.none_on_its_way")
    if isinstance(number, Step):
        return number
    options = case.call("delivery_options", number=number)
    if "error" in options:
        return failed(case, request, options)
    if not options["slots"]:
        return _not_open(case, options, "delivery.slot_not_open")
    wanted = {"day": day or request.slots.get("day"), "window": window or request.slots.get("window")}
    kept = with_slots(request, "open", order=number, **{name: value for name, value in wanted.items() if value})
    fitting = _fitting(options["slots"], wanted["day"], wanted["window"])
    place = ordinal_in(case.brief.reading.text, len(request.slots.get("shown", ()))) if case.asked("choice") else None
    if place is not None:
        return put_to_shopper(case, kept, case.call("change_slot", number=number, slot_id=request.slots["shown"][place]))
    if len(fitting) == 1:
        return put_to_shopper(case, kept, case.call("change_slot", number=number, slot_id=fitting[0]["slot_id"]))
    return _ask_slot(case, kept, fitting or options["slots"], heard=bool(wanted["day"]) and not fitting)


def _fitting(slots: Sequence[Result], day: str | None, window: str | None) -> list[Result]:
    if not day and not window:
        return []
    return [slot for slot in slots if _fits_day(slot, day) and _fits_window(slot, window)]


def _fits_day(slot: Result, day: str | None) -> bool:
    return not day or str(slot["starts_at"])[:10] == day[:10]


def _fits_window(slot: Result, window: str | None) -> bool:
    """Whether the larger part of the slot lies in the window."""
    if not window or "-" not in window:
        return True
    first, last = (part.strip() for part in window.split("-", 1))
    start, end = (datetime.fromisoformat(str(slot[name])) for name in ("starts_at", "ends_at"))
    middle = (start + (end - start) / 2).strftime("%H:%M")
    return (first or "00:00") <= middle <= (last or "24:00")


def _ask_slot(case: Case, request: Request, slots: Sequence[Result], *, heard: bool) -> Step:
    shown = list(slots)[:6]
    views = [{"starts": one["starts_at"], "ends": one["ends_at"], "fee": one["fee"]} for one in shown]
    key = "delivery.no_such_slot" if heard else "delivery.ask_slot"
    kept = with_slots(request, "open", shown=[one["slot_id"] for one in shown])
    return Step((case.say(key, slots=views),), ("date", "choice"), kept)


def change_pickup(case: Case, request: Request) -> Step:
    """A pickup point instead of the door."""
    pending = still_pending(case, request, case.asked("choice"), case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_order(case, request, _on_its_way, level=2, or_else=_not_arrived, none_fits="order.none_on_its_way")
    if isinstance(number, Step):
        return number
    options = case.call("delivery_options", number=number)
    if "error" in options:
        return failed(case, request, options)
    points: Sequence[Result] = options["pickup_points"]
    if not points:
        return _not_open(case, options, "delivery.pickup_not_open")
    kept = with_slots(request, "open", order=number)
    text = case.brief.reading.text
    named = [one for one in points if mentions(text, str(one["name"])) or fold(str(one["name"])) in fold(text)]
    place = ordinal_in(text, len(points)) if case.asked("choice") else None
    chosen = named[0] if len(named) == 1 else (points[place] if place is not None else None)
    if chosen is None and len(points) == 1:
        chosen = points[0]
    if chosen is not None:
        answer = case.call("change_pickup", number=number, pickup_point_id=chosen["pickup_point_id"])
        return put_to_shopper(case, kept, answer)
    views = [{"name": one["name"], "line1": one["address"]["line1"], "hours": one["hours"]} for one in points[:4]]
    return Step((case.say("delivery.ask_pickup", points=views),), ("choice",), kept)


def hold(case: Case, request: Request) -> Step:
    """Keep the parcel back until a day."""
    until = case.heard(EntityKind.DATE)
    pending = still_pending(case, request, until, case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_order(case, request, _on_its_way, level=2, or_else=_not_arrived, none_fits="order.none_on_its_way")
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number)
    day = _as_day(until or request.slots.get("day"))
    if day is None:
        options = case.call("delivery_options", number=number)
        if "error" not in options and "hold_delivery" not in options["allowed"]:
            return _not_open(case, options, "delivery.hold_not_open")
        return Step((case.say("delivery.ask_hold", days=options.get("hold_max_days")),), ("date",), kept)
    return put_to_shopper(case, kept, case.call("hold_delivery", number=number, until=day))


def _as_day(value: str | None) -> str | None:
    try:
        return date.fromisoformat(value[:10]).isoformat() if value else None
    except ValueError:
        return None


def give_instructions(case: Case, request: Request) -> Step:
    """A note for the carrier, in the shopper's words."""
    note = request.slots.get("note") or _note(case, request)
    if HOLD.search(fold(request.words)) and case.heard(EntityKind.DATE) and not note:
        return hold(case, request)
    pending = still_pending(case, request, case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_order(case, with_slots(request, request.stage, note=note) if note else request, _not_arrived, level=2,
                        none_fits="order.none_on_its_way")  # fmt: skip
    if isinstance(number, Step):
        return number
    kept = with_slots(request, "open", order=number, note=note)
    if not note:
        return Step((case.say("delivery.ask_note"),), ("instructions",), kept)
    return put_to_shopper(case, kept, case.call("set_instructions", number=number, text=note))


NOTE = re.compile(
    r"\b((?:que )?(?:se |me )?(?:l[oa]s? |[oa] )?(?:no |don'?t |do not |n[aã]o )?(?:d[eé]j[aeo]\w*|toqu\w*|timbr\w*|entr[eé]g\w*|llam[ae]\w*|avis[ae]\w*|leave|ring|knock|call|hand|drop|"
    r"deix[ae]\w*|toc[ae]\w*|toqu\w*|lig[au]\w*|entreg\w*)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
ABOUT_A_NOTE = re.compile(
    r"\b(?:dej\w*|poner|agregar|añadir|leave|add|put|deixar|colocar|adicionar) (?:un[ao]?s? |alguna |an? |some |um[ao]? )?"
    r"(?:nota|indicaci\w*|instruc\w*|mensaje|recado|note|instruction\w*|message|mensagem|observa\w*)\b[^.:,;]*",
    re.IGNORECASE,
)


def _note(case: Case, request: Request) -> str:
    """The part of the message that is meant for the carrier; all of it when it answers the question."""
    text = case.brief.reading.text.strip()
    if case.asked("instructions") and case.brief.reading.answer is None:
        return text[:250]
    match = NOTE.search(ABOUT_A_NOTE.sub("", request.words))
    return match.group(1).strip(" .?!")[:250] if match else ""


def _not_open(case: Case, options: Result, key: str) -> Step:
    instead = case.wording.alternatives(options["allowed"], case.brief.language)
    return Step((" ".join(part for part in (case.say(key, number=options["number"]), instead) if part),))
