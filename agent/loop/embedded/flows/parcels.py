"""What happened to an order's parcels, in words, and what can be done about it now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agent.loop.embedded.case import Case, Result

OPEN_NOW = {
    "late": ("change_pickup", "delivery_instructions"),
    "delivery_failed": ("change_slot", "change_pickup", "delivery_instructions"),
    "out_for_delivery": ("delivery_instructions",),
    "not_shipped": ("change_address", "change_items", "cancel_order"),
}
"""What is worth offering in a situation, when it is possible."""


def tell(case: Case, track: Result) -> str:
    """The whole story, parcel by parcel."""
    parcels: Sequence[Result] = track["parcels"]
    if not parcels or track["status"] == "cancelled":
        return case.say(f"status.order_{track['status']}", number=track["number"])
    if len(parcels) == 1:
        packed = track["status"] == "packed"
        return case.say_of(f"status.{_happened(parcels[0])}", _values(case, track["number"], parcels[0], packed=packed))
    parts = [
        case.say(
            "status.one_of",
            place=place,
            contents=_titles(parcel),
            told=case.say_of(f"status.{_happened(parcel)}", _values(case, "", parcel)),
        )
        for place, parcel in enumerate(parcels, 1)
    ]
    return "\n".join([case.say("status.split", number=track["number"], count=len(parcels)), *parts])


def tell_again(case: Case, track: Result) -> str:
    """Only what matters of it, to somebody who has heard it before."""
    pressing = next(parcel for parcel in track["parcels"] if parcel["situation"] == track["situation"])
    return case.say_of(f"status.again_{track['situation']}", _values(case, track["number"], pressing))


def tell_tracking(case: Case, track: Result) -> str:
    """The tracking numbers alone, for somebody who asks for them."""
    parcels = [{"carrier": one["carrier"], "tracking": one["tracking_number"]} for one in track["parcels"]]
    return case.say("status.tracking", number=track["number"], parcels=parcels)


def what_happened(track: Result) -> str:
    """What happened to the parcel that matters most."""
    pressing = next((one for one in track["parcels"] if one["situation"] == track["situation"]), None)
    return _happened(pressing) if pressing else str(track["situation"])


def next_step(case: Case, track: Result) -> str:
    """What the shopper can do now, in one sentence, of what is open to this order."""
    situation = what_happened(track)
    key = f"status.next_{situation}"
    if situation not in OPEN_NOW:
        return case.say(key) if case.sentences.has(key) else ""
    done = {action.kind for action in case.brief.done if action.order_number == track["number"]}
    kinds = [kind for kind in OPEN_NOW[situation] if kind in track["next_steps"] and kind not in done]
    options = case.wording.alternatives_named(kinds, case.brief.language)
    return case.say("status.next_open", options=options) if options else ""


def _values(case: Case, number: str, parcel: Result, *, packed: bool = False) -> Result:
    event, point = parcel["last_event"] or {}, parcel["pickup_point"] or {}
    sorry = not case.remembers("sorry")
    eta = parcel["eta"]
    if parcel["situation"] in ("late", "stuck", "lost"):
        case.remember("sorry")
    return {
        "number": number,
        "sorry": sorry,
        "packed": packed,
        "contents": _titles(parcel),
        "carrier": parcel["carrier"],
        "tracking": parcel["tracking_number"],
        "eta": eta,
        "next_try": eta if eta and datetime.fromisoformat(str(eta)) > case.brief.now else None,
        "promised": parcel["promised_by"],
        "late": parcel["days_late"],
        "silent": parcel["days_without_scan"],
        "city": event.get("city") or "",
        "delivered": parcel["delivered_at"],
        "point": point.get("name", ""),
        "street": point.get("address", {}).get("line1", ""),
        "hours": point.get("hours", ""),
        "until": parcel["pickup_until"],
        "attempts": parcel["attempts"],
        "detail": event.get("detail") or "",
    }


def _happened(parcel: Result) -> str:
    """The situation, and of a failed delivery which kind of failure it was."""
    if parcel["status"] == "return_to_sender":
        return "returning"
    detail = (parcel["last_event"] or {}).get("detail")
    return (
        "address_problem"
        if parcel["situation"] == "delivery_failed" and detail == "address_problem"
        else str(parcel["situation"])
    )


def _titles(parcel: Result) -> list[str]:
    units = parcel["contents"]
    return [f"{unit['quantity']} × {unit['title']}" if unit["quantity"] > 1 else str(unit["title"]) for unit in units]
