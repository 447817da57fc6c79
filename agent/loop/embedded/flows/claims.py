"""Goods that came broken, wrong, incomplete, or not at all."""

from __future__ import annotations

from agent.conversation import Request
from agent.loop.embedded.case import Case, Step, with_slots
from agent.loop.embedded.flows.lines import choose_lines, remember, units_said
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.loop.embedded.mentions import fold
from agent.understanding.reading import Answer, EntityKind

WORDS = {
    "wrong_item": ("equivocad", "otro producto", "otra cosa", "otro color", "no es lo que", "no era lo que", "wrong", "different item",
                   "not what i", "errad", "outro produto", "trocado", "nao e o que"),
    "missing_item": ("falt", "no venia", "no vino", "incomplet", "missing", "only got", "wasn't in", "not in the box", "nao veio", "veio so"),
    "not_received": ("no me lleg", "no lleg", "no recib", "never arriv", "not receiv", "didn't get", "nao receb", "nao chegou"),
}  # fmt: skip
WISHES = {
    "refund": ("reembols", "dinero", "plata", "devuelv", "refund", "money back", "reembols", "dinheiro", "estorno"),
    "replacement": ("otro igual", "reponer", "repongan", "reenv", "cambi", "nuevo", "replace", "new one", "another one", "resend", "reposi", "novo", "outro", "troca"),
    "repair": ("repar", "arregl", "repair", "fix", "consert"),
}  # fmt: skip


def report_problem(case: Case, request: Request) -> Step:
    """Which item, what is wrong, what would make it good: each asked once, then the claim is put to the shopper."""
    if request.stage == "offer" and case.brief.reading.answer is Answer.NO:
        return Step((case.say("claims.as_you_wish"),))
    wish = _first(WISHES, case.brief.reading.text) or request.slots.get("wish", "")
    pending = still_pending(case, request, wish != request.slots.get("wish", ""), case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    number = find_order(case, request, _arrived, level=2, none_fits="order.none_delivered")
    if isinstance(number, Step):
        return number
    problem = str(request.slots.get("problem") or _problem(case, request))
    order = case.call("get_order", number=number)
    if "error" in order:
        return failed(case, request, order)
    kept = with_slots(request, "open", order=number, problem=problem, wish=wish)
    if problem == "not_received":
        return _put(case, kept, number, [])
    chosen = choose_lines(case, kept, [line for line in order["lines"] if line["open"] > 0], "claims.which_item")
    if isinstance(chosen, Step):
        return Step(chosen.say, chosen.asks, kept)
    kept = remember(kept, number, chosen)
    if not wish and not case.asked("choice"):
        return Step((case.say("claims.ask_wish", title=chosen[0]["title"]),), ("choice",), kept)
    return _put(case, kept, number, [{"line": str(line["line_id"]), "quantity": units_said(case, line)} for line in chosen])


def _put(case: Case, request: Request, number: str, items: list[dict[str, object]]) -> Step:
    arguments: dict[str, object] = {
        "number": number,
        "problem": request.slots["problem"],
        "description": request.words[:900] or str(request.slots["problem"]),
        "wish": request.slots.get("wish", ""),
    }
    if items:
        arguments["items"] = items
    return put_to_shopper(case, request, case.call("report_problem", **arguments))


def _problem(case: Case, request: Request) -> str:
    reason = case.known(EntityKind.REASON)
    if reason in ("damaged", "wrong_item"):
        return reason
    return _first(WORDS, request.words) or "damaged"


def _first(table: dict[str, tuple[str, ...]], text: str) -> str:
    folded = fold(text)
    return next((name for name, words in table.items() if any(word in folded for word in words)), "")


def _arrived(order: Summary) -> bool:
    return order["status"] in ("delivered", "shipped")


