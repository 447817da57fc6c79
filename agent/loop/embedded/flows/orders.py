"""Which order the shopper means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.identity import require_level
from agent.loop.embedded.mentions import ordinal_in, place_of, points_at, same_number, spoken_of, turns_away
from agent.loop.signs import says
from agent.understanding.reading import EntityKind
from agent.understanding.text import fold

Summary = Result
Fits = Callable[[Summary], bool]
Choose = Callable[[Sequence[Summary]], str | None]
LISTED = 5
FEWEST_DIGITS = 4
DEFINITE = re.compile(r"\b(?:el|la|los|las|mi|mis|the|my|these|this|o|os|a|as|meu|minha|meus|minhas)\b")
DEFINITE_BEFORE = re.compile(rf"{DEFINITE.pattern}\s$")
NOT_THAT = re.compile(
    r"\b(?:no|not|n[aã]o)\s+(?:es\s+|is\s+|é\s+)?(?:el|la|o|a|the|order|pedido|del|do)?\s*#?\d[\w-]*", re.IGNORECASE
)
CARRIES_ON = re.compile(
    r"^\W*(?:y|e|and|entonces|ent[aã]o|so)\W+(?:la |lo |le |me |se |te |i )?(?:puedo|podr[ií]a\w*|pueden|can|could|posso|d[aá] para|tem como)\b",
    re.IGNORECASE,
)
DIGITS = re.compile(r"[A-Z]{0,3}-?\d[\w-]*", re.IGNORECASE)


def find_order(
    case: Case,
    request: Request,
    fits: Fits,
    *,
    level: int = 1,
    or_else: Fits | None = None,
    none_fits: str = "order.none",
    choose: Choose | None = None,
) -> str | Step:
    """The number of the order meant, or the question that will tell.

    Said in this message comes first, then what the request already knows, then the only one that fits, then the one
    spoken of last; goods named that are in one other order only mean that one. ``or_else`` widens the search when
    nothing fits, so that the reason can be told; ``choose`` picks among several instead of asking, or returns none.
    """
    blocked = require_level(case, request, level)
    if blocked is not None:
        return blocked
    if case.identity.level < 2:
        return _verified_one(case, request, case.told(EntityKind.ORDER_NUMBER))
    listed = case.call("list_orders")
    if "error" in listed:
        return Step((case.say("fallback.shop_down"),), keep=request)
    found = _among(case, request, listed["orders"], fits)
    if not found and or_else is not None:
        found = _among(case, request, listed["orders"], or_else)
    if isinstance(found, str | Step):
        return found
    if not found:
        return Step((case.say(none_fits),)) if listed["orders"] else Step((case.say("order.no_orders"),))
    return _narrowed(case, request, found, listed["orders"], choose)


def numbers_in(text: str, orders: Sequence[Summary]) -> list[str]:
    """The numbers of these orders that the text names, in the order said."""
    said = DIGITS.findall(NOT_THAT.sub("", text)) or DIGITS.findall(text)
    found = [_numbered(orders, one) for one in said]
    return list(dict.fromkeys(number for number in found if number))


def names_own_goods(case: Case, words: str) -> bool:
    """Whether the words are about goods the shopper has bought: "the boots", not "boots"."""
    folded = fold(words)
    if case.identity.level < 2 or not DEFINITE.search(folded):
        return False
    titles = [title for one in case.call("list_orders").get("orders", ()) for title in one["items"]]
    places = [place_of(words, title) for title in titles]
    return any(DEFINITE_BEFORE.search(folded[:place]) for place in places if place > 0)


def _verified_one(case: Case, request: Request, said: str | None) -> str | Step:
    verified = sorted(case.identity.orders)
    if said and not any(same_number(said, one) for one in verified):
        answer = case.call("verify_order", number=said, **_contact(case))
        if answer.get("status") != "verified":
            return Step((case.say("identity.not_found", number=said),), ("order_number", "email"), request)
        return said
    wanted = said or request.slots.get("order") or case.brief.fact("order_number")
    matching = [one for one in verified if wanted and same_number(str(wanted), one)]
    if matching or len(verified) == 1:
        return matching[0] if matching else verified[0]
    return Step((case.say("identity.ask_number"),), ("order_number",), request)


def _contact(case: Case) -> dict[str, str]:
    kinds = {"email": EntityKind.EMAIL, "postal_code": EntityKind.POSTAL_CODE, "phone": EntityKind.PHONE}
    return {name: value for name, kind in kinds.items() if (value := case.known(kind))}


def _among(case: Case, request: Request, orders: Sequence[Summary], fits: Fits) -> str | Step | list[Summary]:
    """The one named, or those that fit; an order named that is not there is a question."""
    named = numbers_in(case.text, orders) or [one for one in [_picked(case, request, orders)] if one]
    said = case.heard(EntityKind.ORDER_NUMBER)
    if named or _numbered(orders, said):
        return named[0] if named else str(_numbered(orders, said))
    if said and len(re.findall(r"\d", said)) >= FEWEST_DIGITS and not case.asked("address"):
        numbers = [one["number"] for one in orders[:LISTED]]
        return Step((case.say("order.unknown", said=said, numbers=numbers),), ("order_number", "choice"), request)
    kept = request.slots.get("order")
    turned = turns_away(case.text)
    if turned and says("also", case.text) and _numbered(orders, case.brief.focus):
        return case.brief.focus
    if kept and not turned:
        return str(kept)
    if not kept and not turned and _numbered(orders, case.brief.focus) and _stays_with_it(case, orders):
        return case.brief.focus
    own = numbers_in(request.words, orders)
    if own and not turned:
        return own[0]
    fitting = [one for one in orders if fits(one)]
    return [one for one in fitting if not turned or one["number"] not in (kept, case.brief.focus)]


def _stays_with_it(case: Case, orders: Sequence[Summary]) -> bool:
    """Whether it is still about the order spoken of last: "cancel that one", "and can I change the colour?"."""
    goes_on = CARRIES_ON.match(case.text) is not None and not spoken_of(case.text, orders, _titles)
    return goes_on or points_at(case.text)


def _narrowed(
    case: Case, request: Request, fitting: Sequence[Summary], orders: Sequence[Summary], choose: Choose | None
) -> str | Step:
    words = f"{request.words} {case.text}"
    named = spoken_of(words, fitting, _titles)
    if not named:
        elsewhere = spoken_of(words, orders, _titles)
        named = elsewhere if len(elsewhere) == 1 else []
    left = named or list(fitting)
    untouched = [one for one in left if not one["money_back"]]
    left = untouched if len(untouched) == 1 else left
    if len(left) == 1:
        return str(left[0]["number"])
    just_told = [one for one in left if case.learned(f"told:{one['number']}")]
    if len(just_told) == 1:
        return str(just_told[0]["number"])
    for hint in (case.brief.focus, case.brief.fact("order_number")):
        if not turns_away(case.text) and (number := _numbered(left, hint)):
            return number
    return (choose(left) if choose else "") or ask_which(case, request, left)


def _titles(order: Summary) -> Sequence[str]:
    titles: Sequence[str] = order["items"]
    return titles


def ask_which(case: Case, request: Request, orders: Sequence[Summary]) -> Step:
    """Name the candidates and ask; in other words when it was asked before."""
    shown = [{"number": one["number"], "items": one["items"][:2], "status": one["status"]} for one in orders[:LISTED]]
    kept = with_slots(request, request.stage, choices=[one["number"] for one in shown])
    key = "order.which_again" if case.asked("order_number") and request.slots.get("choices") else "order.which"
    return Step((case.say(key, orders=shown),), ("order_number", "choice"), kept)


def _picked(case: Case, request: Request, orders: Sequence[Summary]) -> str | None:
    """An answer to the list shown before: its place, or words of its goods."""
    choices: Sequence[Any] = request.slots.get("choices", ())
    if not choices or not case.asked("order_number"):
        return None
    place = ordinal_in(case.text, len(choices))
    if place is not None:
        return str(choices[place])
    shown = [one for one in orders if one["number"] in choices]
    named = spoken_of(case.text, shown, _titles)
    return str(named[0]["number"]) if len(named) == 1 else None


def _numbered(orders: Sequence[Summary], number: str | None) -> str | None:
    if not number:
        return None
    return next((str(one["number"]) for one in orders if same_number(number, one["number"])), None)
