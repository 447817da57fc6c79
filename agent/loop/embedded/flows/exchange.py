"""Another size or colour: exchanging what has arrived, changing what has not shipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.conversation import Request
from agent.loop.agenda import corrects_form, names_form
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.cancel import cancel_order
from agent.loop.embedded.flows.lines import choose_lines, counts_said, part_about, remember, spent_among, units_said
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.loop.embedded.flows.variants import choices, find_variant, instead_of, names_missing_size, wish_in
from agent.loop.options import label
from agent.loop.signs import says
from agent.understanding.reading import EntityKind

Wishes = dict[str, dict[str, str]]
NOT_SHIPPED = ("unpaid", "processing", "packed")
MAY_HAVE_OTHERS = ("out_of_stock", "no_other_variant", None)


def exchange_item(case: Case, request: Request) -> Step:
    """Find the lines, the variants and their stock, show the difference, ask."""
    pending = still_pending(case, request, *_new(case))
    if pending:
        return pending
    number = find_order(case, request, _delivered, level=2, or_else=_not_shipped, none_fits="order.none_delivered")
    if isinstance(number, Step):
        return number
    status = _status(case, number)
    if status in NOT_SHIPPED:
        return _change_before_shipping(case, request, number)
    options = case.call("exchange_options", number=number)
    if "error" in options:
        return failed(case, request, options)
    if status == "shipped" and not any(line["eligible"] for line in options["lines"]):
        return Step((case.say("exchange.on_its_way", number=number),))
    return _swap(case, request, options, "exchange_items")


def change_items(case: Case, request: Request) -> Step:
    """The same before shipping; what has arrived already is exchanged instead."""
    if says("removes", request.words):
        return cancel_order(case, request)
    if says("adds", request.words) and not request.stage:
        return Step((case.say("exchange.cannot_add"),))
    pending = still_pending(case, request, *_new(case))
    if pending:
        return pending
    number = find_order(case, request, _not_shipped, level=2, or_else=_delivered, none_fits="order.none_open")
    if isinstance(number, Step):
        return number
    return exchange_item(case, with_slots(request, request.stage, order=number))


def _change_before_shipping(case: Case, request: Request, number: str) -> Step:
    order = case.call("get_order", number=number)
    if "error" in order:
        return failed(case, request, order)
    lines = [line for line in order["lines"] if line["open"] > 0]
    chosen = choose_lines(case, request, lines, "exchange.which_item")
    if isinstance(chosen, Step):
        return Step(chosen.say, chosen.asks, remember(chosen.keep or request, number, ()))
    filled = {str(line["line_id"]): _with_variants(case, number, line) for line in chosen}
    view = {"number": number, "lines": [filled.get(str(line["line_id"]), line) for line in lines]}
    return _swap(case, remember(request, number, chosen), view, "change_items")


def _with_variants(case: Case, number: str, line: Result) -> Result:
    stock = case.call("product_stock", number=number, line=str(line["line_id"]))
    others = [one for one in stock.get("variants", ()) if one["options"] != line["options"]]
    return {**line, "eligible": True, "variants": others}


def _swap(case: Case, request: Request, options: Result, tool: str) -> Step:
    """The common end: which lines, for each which variant, and one proposal for all of them."""
    number = str(options["number"])
    lines: Sequence[Result] = [line for line in options["lines"] if line["open"] > 0]
    if not lines:
        return Step((case.say("returns.nothing_left", number=number),))
    if spent := spent_among(case, request, options["lines"]):
        return Step((case.wording.denial({**spent[0], "order": number}, case.brief.language),))
    chosen = choose_lines(case, request, lines, "exchange.which_item")
    if isinstance(chosen, Step):
        return Step(chosen.say, chosen.asks, remember(chosen.keep or request, number, ()))
    barred = [line for line in chosen if not line["eligible"] and line.get("code") not in MAY_HAVE_OTHERS]
    able = [line for line in chosen if line not in barred]
    if not able:
        return Step((case.wording.denial({**barred[0], "order": number}, case.brief.language),))
    wishes = _wishes(case, request, able)
    kept = remember(request, number, able, wishes=wishes, units=counts_said(case, able))
    items = []
    for line in able:
        variant = find_variant(line, wishes[str(line["line_id"])]) if wishes[str(line["line_id"])] else None
        if variant is None or not variant["in_stock"]:
            return _ask_variant(case, kept, line, wishes, alone=len(able) == 1)
        items.append(
            {"line": str(line["line_id"]), "variant_id": variant["variant_id"], "quantity": units_said(case, line)}
        )
    method = case.told(EntityKind.PAYMENT_METHOD)
    more = {"payment_method": method} if method else {}
    step = put_to_shopper(case, kept, case.call(tool, number=number, items=items, **more))
    return step if not barred else _leaving_out(case, step, barred[0], number)


def _leaving_out(case: Case, step: Step, line: Result, number: str) -> Step:
    why = case.wording.denial({**line, "order": number, "alternatives": ()}, case.brief.language)
    return Step((case.say("exchange.not_this_one", title=line["title"], why=why), *step.say), step.asks, step.keep)


def _noted(case: Case) -> str:
    """The size and the colour that a person of the desk wrote down."""
    return " ".join(fact.value for fact in case.brief.facts if fact.source == "desk" and fact.kind in ("size", "color"))


def _wishes(case: Case, request: Request, lines: Sequence[Result]) -> Wishes:
    """What each line should become: said before, said in its own part of this message, or answered to its question."""
    known: Mapping[str, Mapping[str, str]] = request.slots.get("wishes", {})
    asking = str(request.slots.get("asking", ""))
    wishes: Wishes = {}
    for line in lines:
        key = str(line["line_id"])
        first = part_about(request.words, line, lines)
        present, variants = line["options"], line["variants"]
        wish = dict(known.get(key, {})) or wish_in(first, present, variants, alone=False)
        if case.text and (len(lines) == 1 or asking in ("", key) or _mentioned(case, line, lines)):
            wish |= wish_in(part_about(case.text, line, lines), present, variants, alone=case.asked("size"))
        wish = wish or wish_in(_noted(case), present, variants, alone=True)
        wishes[key] = wish
    return wishes


def _mentioned(case: Case, line: Result, lines: Sequence[Result]) -> bool:
    return part_about(case.text, line, lines) != case.text


def _ask_variant(case: Case, request: Request, line: Result, wishes: Wishes, *, alone: bool) -> Step:
    """Which size or colour, with what there is; a wish that cannot be met is said and forgotten."""
    key = str(line["line_id"])
    wish = wishes[key]
    others = choices(case, line, about=f"{request.words} {case.text}")
    if not others:
        return Step((case.say("exchange.no_stock_at_all", title=line["title"]),))
    wanted = label({**line["options"], **wish}, case.brief.language, case.sentences) if wish else ""
    asking = str(request.slots.get("asking", ""))
    missing = (
        names_missing_size(case.text or request.words, line["variants"], line["options"]) if asking in ("", key) else ""
    )
    kept = with_slots(request, request.stage, asking=key, wishes={**wishes, key: {}})
    if wanted:
        nearest = instead_of(case, line, wish)
        words = case.say("exchange.out_of_stock", title=line["title"], wanted=wanted, options=nearest)
    elif missing:
        words = case.say("exchange.no_such_size", title=line["title"], wanted=missing, options=others)
    else:
        words = case.say(_asking(asking, key, alone=alone), title=line["title"], options=others)
    return Step((words,), ("size", "choice"), kept)


def _asking(before: str, key: str, *, alone: bool) -> str:
    """The question's sentence, by what was asked before: this very line, another one, or nothing."""
    if before == key:
        return "exchange.ask_variant_again"
    if before:
        return "exchange.ask_variant_next"
    return "exchange.ask_variant" if alone else "exchange.ask_variant_of"


def _new(case: Case) -> tuple[object, ...]:
    """What would change a proposal that is already shown."""
    kinds = (EntityKind.SIZE, EntityKind.COLOR, EntityKind.ORDER_NUMBER, EntityKind.QUANTITY, EntityKind.PAYMENT_METHOD)
    return (*(case.heard(kind) for kind in kinds), corrects_form(case.text), names_form(case.text))


def _delivered(order: Summary) -> bool:
    return bool(order["status"] == "delivered")


def _not_shipped(order: Summary) -> bool:
    return order["status"] in NOT_SHIPPED


def _status(case: Case, number: str) -> str:
    listed = case.call("list_orders").get("orders", ())
    return next((str(one["status"]) for one in listed if one["number"] == number), "")
