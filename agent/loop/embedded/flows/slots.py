"""Which delivery window a shopper means, of those the carrier offers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.delivery import find_moving, hold, keeps_back, not_open
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.loop.embedded.mentions import ordinal_in
from agent.understanding.reading import EntityKind
from agent.understanding.text import fold

LISTED = 6
PARTS = (
    (re.compile(r"\b(?:(?:por|en|de) la manana|temprano|morning|de manha|pela manha)\b"), "06:00-13:00"),
    (re.compile(r"\b(?:tarde|afternoon)\b"), "13:00-18:00"),
    (re.compile(r"\b(?:noche|evening|tonight|night|noite)\b"), "18:00-23:00"),
)


def change_slot(case: Case, request: Request) -> Step:
    """Another delivery window: the one said when the carrier offers it, or the windows to choose from."""
    if keeps_back(request.words) and not case.asked("choice"):
        return hold(case, request)
    day, window = _said(case)
    pending = still_pending(case, request, day, window, case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_moving(case, request)
    if isinstance(number, Step):
        return number
    options = case.call("delivery_options", number=number)
    if "error" in options:
        return failed(case, request, options)
    if not options["slots"]:
        return not_open(case, options, "delivery.slot_not_open")
    first = "shown" not in request.slots
    wanted = {
        "day": day or request.slots.get("day") or (_to_come(case) if first else None),
        "window": window or request.slots.get("window") or (_part_of_day(request.words) if first else None),
    }
    kept = with_slots(request, "open", order=number, **{name: value for name, value in wanted.items() if value})
    shown: Sequence[str] = request.slots.get("shown", ())
    place = ordinal_in(case.text, len(shown)) if case.asked("choice") and not (day and window) else None
    if place is not None:
        return put_to_shopper(case, kept, case.call("change_slot", number=number, slot_id=shown[place]))
    fitting = (
        [slot for slot in options["slots"] if _fits(slot, wanted["day"], wanted["window"])]
        if any(wanted.values())
        else []
    )
    if len(fitting) == 1:
        return put_to_shopper(case, kept, case.call("change_slot", number=number, slot_id=fitting[0]["slot_id"]))
    heard, paid = bool(wanted["day"]) and not fitting, bool((options["chosen"] or {}).get("slot"))
    return _ask_slot(case, kept, fitting or options["slots"], heard=heard, paid=paid, fitting=bool(fitting))


def _said(case: Case) -> tuple[str | None, str | None]:
    """The day and the window in this message; a number that picks an order is no day."""
    if case.asked("order_number"):
        return None, None
    today = case.brief.now.date().isoformat()
    days = [one.value for one in case.brief.reading.all(EntityKind.DATE) if one.value[:10] >= today]
    return (days[-1] if days and case.heard(EntityKind.DATE) else None), case.heard(
        EntityKind.TIME_WINDOW
    ) or _part_of_day(case.text)


def _to_come(case: Case) -> str | None:
    """The day that came with the request's own words, unless it is over ("missed it yesterday")."""
    day = case.told(EntityKind.DATE)
    return day if day and day[:10] >= case.brief.now.date().isoformat() else None


def _part_of_day(text: str) -> str | None:
    folded = fold(text)
    return next((window for pattern, window in PARTS if pattern.search(folded)), None)


def _fits(slot: Result, day: str | None, window: str | None) -> bool:
    """Whether the slot is on that day and the larger part of it lies in the window."""
    if day and str(slot["starts_at"])[:10] != day[:10]:
        return False
    if not window or "-" not in window:
        return True
    first, last = (part.strip() for part in window.split("-", 1))
    start, end = (datetime.fromisoformat(str(slot[name])) for name in ("starts_at", "ends_at"))
    middle = (start + (end - start) / 2).strftime("%H:%M")
    return (first or "00:00") <= middle <= (last or "24:00")


def _ask_slot(case: Case, request: Request, slots: Sequence[Result], *, heard: bool, paid: bool, fitting: bool) -> Step:
    """The windows to choose from; one that was paid for is changed without another fee, so none is named."""
    shown = list(slots)[:LISTED]
    views = [{"starts": one["starts_at"], "ends": one["ends_at"], "fee": None if paid else one["fee"]} for one in shown]
    again = case.asked("choice") and request.slots.get("shown")
    asking = "delivery.ask_slot_then" if fitting else "delivery.ask_slot_again" if again else "delivery.ask_slot"
    key = "delivery.no_such_slot" if heard else asking
    one_fee = not paid and len({str(one["fee"]) for one in views}) == 1
    kept = with_slots(request, "open", shown=[one["slot_id"] for one in shown], day=None, window=None)
    return Step((case.say(key, slots=views, fee=views[0]["fee"] if one_fee else None),), ("date", "choice"), kept)
