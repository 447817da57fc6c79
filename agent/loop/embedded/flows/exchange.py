"""Another size or colour: exchanging what has arrived, changing what has not shipped."""

from __future__ import annotations

from collections.abc import Sequence

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step
from agent.loop.embedded.flows.lines import choose_lines, choose_variant, remember, sorted_options, units_said
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.understanding.reading import EntityKind


def exchange_item(case: Case, request: Request) -> Step:
    """Find the line, find the variant and its stock, show the difference, ask."""
    pending = still_pending(case, request, *_new(case))
    if pending:
        return pending
    number = find_order(case, request, _delivered, level=2, none_fits="order.none_delivered")
    if isinstance(number, Step):
        return number
    if _status(case, number) in ("unpaid", "processing", "packed"):
        return change_items(case, request)
    options = case.call("exchange_options", number=number)
    if "error" in options:
        return failed(case, request, options)
    return _swap(case, request, options, "exchange_items")


def change_items(case: Case, request: Request) -> Step:
    """The same before shipping; what has arrived already is exchanged instead."""
    pending = still_pending(case, request, *_new(case))
    if pending:
        return pending
    number = find_order(case, request, _not_shipped, level=2, none_fits="order.none_open")
    if isinstance(number, Step):
        return number
    if _status(case, number) in ("delivered", "shipped") and not case.called("change_items"):
        return exchange_item(case, request) if _status(case, number) == "delivered" else _too_late(case, number)
    order = case.call("get_order", number=number)
    if "error" in order:
        return failed(case, request, order)
    lines = [line for line in order["lines"] if line["open"] > 0]
    chosen = choose_lines(case, request, lines, "exchange.which_item")
    if isinstance(chosen, Step):
        return chosen
    line = chosen[0]
    stock = case.call("product_stock", number=number, line=str(line["line_id"]))
    others = [one for one in stock.get("variants", ()) if one["options"] != line["options"]]
    return _swap(case, request, {"number": number, "lines": [{**line, "eligible": True, "variants": others}]}, "change_items")


def _too_late(case: Case, number: str) -> Step:
    return Step((case.say("exchange.on_its_way", number=number),))


def _swap(case: Case, request: Request, options: Result, tool: str) -> Step:
    """The common end: which line, which variant, and the proposal."""
    lines: Sequence[Result] = [line for line in options["lines"] if line["open"] > 0]
    if not lines:
        return Step((case.say("returns.nothing_left", number=options["number"]),))
    chosen = choose_lines(case, request, lines, "exchange.which_item")
    if isinstance(chosen, Step):
        return Step(chosen.say, chosen.asks, remember(chosen.keep or request, options["number"], ()))
    line = chosen[0]
    kept = remember(request, options["number"], [line])
    if not line["eligible"] and line.get("code") not in ("out_of_stock", "no_other_variant"):
        return Step((case.wording.denial({**line, "order": options["number"]}, case.brief.language),))
    variant = choose_variant(case, kept, line)
    if isinstance(variant, Step):
        return Step(variant.say, variant.asks, kept if variant.keep else None)
    if variant is None or not variant["in_stock"]:
        return _out_of_stock(case, kept, line, variant)
    item = {"line": str(line["line_id"]), "variant_id": variant["variant_id"], "quantity": units_said(case, line)}
    return put_to_shopper(case, kept, case.call(tool, number=options["number"], items=[item]))


def _out_of_stock(case: Case, request: Request, line: Result, wanted: Result | None) -> Step:
    others = sorted_options(line["variants"], line["options"])
    label = " ".join(str(v) for k, v in wanted["options"].items() if v != line["options"].get(k)) if wanted else ""
    if not others:
        return Step((case.say("exchange.no_stock_at_all", title=line["title"]),))
    words = case.say("exchange.out_of_stock", title=line["title"], wanted=label, options=others)
    return Step((words,), ("size", "choice"), request)


def _new(case: Case) -> tuple[object, ...]:
    """What would change a proposal that is already shown."""
    kinds = (EntityKind.SIZE, EntityKind.COLOR, EntityKind.ORDER_NUMBER, EntityKind.QUANTITY, EntityKind.PAYMENT_METHOD)
    return tuple(case.heard(kind) for kind in kinds)


def _delivered(order: Summary) -> bool:
    return bool(order["status"] == "delivered")


def _not_shipped(order: Summary) -> bool:
    return order["status"] in ("unpaid", "processing", "packed")


def _status(case: Case, number: str) -> str:
    if case.identity.level >= 2:
        listed = case.call("list_orders").get("orders", ())
        return next((str(one["status"]) for one in listed if one["number"] == number), "")
    return ""
