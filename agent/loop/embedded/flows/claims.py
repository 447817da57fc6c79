"""Goods that came broken, wrong, incomplete, or not at all."""

from __future__ import annotations

import re

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.identity import require_level
from agent.loop.embedded.flows.lines import choose_lines, counts_said, number_in, remember, spent_among, units_said
from agent.loop.embedded.flows.orders import Summary, find_order, numbers_in
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.loop.embedded.flows.status import of_a_part, tell_status
from agent.loop.embedded.mentions import spoken_of
from agent.loop.embedded.vocabulary import meaning_of
from agent.understanding.reading import Answer, EntityKind
from agent.understanding.text import fold

LOOKED_THROUGH = 4
BROKEN = ("damaged", "wrong_item")
NOT_RECEIVED = "not_received"
MISSING = re.compile(r"\b(?:falt\w+|missing|short)\s+(?:solo |only |so |apenas )?(\w+)")
FAULTY = {"damaged": "damaged", "defective": "damaged", "wrong_item": "wrong_item"}


def report_problem(case: Case, request: Request) -> Step:
    """Which item, what is wrong, what would make it good: each asked once, then the claim is put to the shopper."""
    if request.stage == "offer" and case.brief.reading.answer is Answer.NO and not meaning_of("wish", case.text):
        return Step((case.say("claims.as_you_wish"),))
    later = _puts_off(case, request)
    if later:
        return later
    said = meaning_of("wish", case.text)
    wish = said or request.slots.get("wish", "") or meaning_of("wish", request.words)
    pending = still_pending(
        case, request, said not in ("", request.slots.get("wish", "")), case.heard(EntityKind.ORDER_NUMBER)
    )
    if pending:
        return pending
    if not wish and not request.stage and (split := of_a_part(case, request)) is not request:
        return tell_status(case, split)
    number = find_order(case, request, _arrived, level=2, none_fits="order.none_delivered")
    if isinstance(number, Step):
        return number
    order = case.call("get_order", number=number)
    if "error" in order:
        return failed(case, request, order)
    if _is_under_way(request, order) and not wish:
        return tell_status(case, with_slots(request, request.stage, order=number))
    kept = with_slots(request, "open", order=number, problem=_problem(case, request, order), wish=wish)
    if kept.slots["problem"] == NOT_RECEIVED:
        return _without_items(case, kept, number)
    return _with_items(case, request, kept, order)


def _puts_off(case: Case, request: Request) -> Step | None:
    """Somebody would rather wait, or look round first: the claim stays on offer, and nothing is asked again."""
    if request.slots.get("problem") != NOT_RECEIVED or request.stage not in ("offer", "wish"):
        return None
    how = "" if meaning_of("wish", case.text) else meaning_of("puts_off", case.text)
    offered = with_slots(request, "offer")
    return Step((case.say(f"claims.{how}"),), offer=offered) if how else None


def _is_under_way(request: Request, order: Result) -> bool:
    """Whether what is missed may still be on its way: then it is told where."""
    return request.stage == "" and order["status"] == "shipped" and meaning_of("problem", request.words) not in BROKEN


def _with_items(case: Case, request: Request, kept: Request, order: Result) -> Step:
    number, wish = str(order["number"]), kept.slots["wish"]
    if spent_among(case, request, order["lines"]):
        code = "already_returned" if order["returns"] or order["exchanges"] else "line_cancelled"
        return Step((case.wording.denial({"code": code, "order": number}, case.brief.language),))
    spares = "came_alone" if kept.slots["problem"] == "missing_item" else ""
    lines = [line for line in order["lines"] if line["open"] > 0]
    chosen = choose_lines(case, kept, lines, "claims.which_item", spares=spares)
    if isinstance(chosen, Step):
        return Step((_noting(case, request, wish, chosen.say[0]),), chosen.asks, kept)
    kept = remember(kept, number, chosen, units=counts_said(case, chosen))
    if not wish and not _asked_before(case, request):
        key = "claims.ask_wish" if not case.remembers("sorry") else "claims.ask_wish_plainly"
        case.remember("sorry")
        return Step((case.say(key, items=[line["title"] for line in chosen]),), ("choice",), with_slots(kept, "wish"))
    return _put(
        case, kept, number, [{"line": str(line["line_id"]), "quantity": _units(case, kept, line)} for line in chosen]
    )


def _units(case: Case, request: Request, line: Result) -> int:
    """How many of the line: of what is missing, the number said to be missing and not the number that came."""
    missing = MISSING.search(fold(request.words)) if request.slots["problem"] == "missing_item" else None
    count = number_in(missing.group(1)) if missing else 0
    return count if 0 < count <= int(line["open"]) else units_said(case, line)


def _without_items(case: Case, request: Request, number: str) -> Step:
    """A parcel that never came: what would make it good is all there is to ask."""
    asked_twice = case.request.stage == "wish"
    if not request.slots["wish"] and not asked_twice:
        return Step((case.say("claims.ask_wish_plainly", items=[]),), ("choice",), with_slots(request, "wish"))
    return _put(case, request, number, [])


def _noting(case: Case, request: Request, wish: str, question: str) -> str:
    """The question which item; a wish that was just said is acknowledged before it, sympathy only comes once."""
    case.remember("sorry")
    if wish and wish != request.slots.get("wish"):
        return case.say(f"claims.noted_{wish}", question=question) if case.asked("item") else question
    return question


def _asked_before(case: Case, request: Request) -> bool:
    return request.stage == "wish" and bool(case.text)


def _put(case: Case, request: Request, number: str, items: list[dict[str, object]]) -> Step:
    arguments: dict[str, object] = {
        "number": number,
        "problem": request.slots["problem"],
        "description": request.words[:900] or str(request.slots["problem"]),
        "wish": request.slots.get("wish", ""),
    }
    if items:
        arguments["items"] = items
    step = put_to_shopper(case, request, case.call("report_problem", **arguments))
    late = request.slots["problem"] == NOT_RECEIVED
    if late or case.remembers("sorry") or "confirmation" not in step.asks:
        return step
    case.remember("sorry")
    return Step((f"{case.say('claims.sorry')} {step.say[0]}",), step.asks, step.keep)


def _problem(case: Case, request: Request, order: Result) -> str:
    """What is wrong, from the shopper's words; what has not arrived cannot be broken."""
    if request.slots.get("problem"):
        return str(request.slots["problem"])
    reason = FAULTY.get(case.told(EntityKind.REASON) or "")
    spoken = meaning_of("problem", request.words)
    if order["status"] == "shipped" and spoken in ("", NOT_RECEIVED):
        return NOT_RECEIVED
    return reason or spoken or "damaged"


def _arrived(order: Summary) -> bool:
    return order["status"] in ("delivered", "shipped")


def tell_claim(case: Case, request: Request) -> Step:
    """How a claim stands, looked for among the newest orders that came or are on their way."""
    blocked = require_level(case, request, 1)
    if blocked is not None:
        return blocked
    for number in _candidates(case, request):
        order = case.call("get_order", number=number)
        claims = order.get("claims", ())
        if claims:
            one = claims[-1]
            return Step((case.say_of(f"claims.{one['status']}", {**one, "number": number}),))
    return Step((case.say("claims.none"),))


def _candidates(case: Case, request: Request) -> list[str]:
    if case.identity.level < 2:
        return sorted(case.identity.orders)
    orders = [one for one in case.call("list_orders").get("orders", ()) if _arrived(one)]
    named = numbers_in(request.words, orders)
    spoken = [str(one["number"]) for one in spoken_of(request.words, orders, lambda one: one["items"])]
    return (named or [*spoken, *(str(one["number"]) for one in orders if str(one["number"]) not in spoken)])[
        :LOOKED_THROUGH
    ]
