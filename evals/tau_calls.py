"""From a call of the benchmark's tools to one of ours, with what a shopper would say in its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals.tau_tasks import Action
from tools.shop.tau2.form import COUNTRIES

Call = tuple[str, dict[str, Any]]
Lines = Sequence[Mapping[str, Any]]


def translate(action: Action, lines: Lines) -> Call:
    """Our tool and its arguments. ``lines`` are those of the order as ``get_order`` shows them. KeyError if unknown."""
    return TRANSLATIONS[action.name](action.arguments, lines)


def find_lines(item_ids: Sequence[str], lines: Lines) -> list[str]:
    """A line id for each item: every line once as long as there is one, then the last one again; else the item id."""
    left = list(lines)
    found = []
    for item_id in item_ids:
        line = next((line for line in left if line["variant_id"] == item_id), None)
        if line is not None:
            left.remove(line)
        else:
            line = next((line for line in reversed(lines) if line["variant_id"] == item_id), {"line_id": item_id})
        found.append(str(line["line_id"]))
    return found


def _address(arguments: Mapping[str, Any]) -> dict[str, str]:
    return {
        "line1": arguments["address1"],
        "line2": arguments["address2"],
        "city": arguments["city"],
        "region": arguments["state"],
        "postal_code": arguments["zip"],
        "country": COUNTRIES.get(arguments["country"], arguments["country"]),
    }


def _cancel(arguments: Mapping[str, Any], _: Lines) -> Call:
    return "cancel_order", {"number": arguments["order_id"], "reason": arguments["reason"]}


def _change_address(arguments: Mapping[str, Any], _: Lines) -> Call:
    return "change_address", {"number": arguments["order_id"], "address": _address(arguments)}


def _change_profile(arguments: Mapping[str, Any], _: Lines) -> Call:
    return "change_profile_address", {"address": _address(arguments)}


def _change_payment(arguments: Mapping[str, Any], _: Lines) -> Call:
    return "change_payment", {"number": arguments["order_id"], "payment_method": arguments["payment_method_id"]}


def _return(arguments: Mapping[str, Any], lines: Lines) -> Call:
    items = [{"line": line, "quantity": 1, "reason": "other"} for line in find_lines(arguments["item_ids"], lines)]
    method = arguments["payment_method_id"]
    return "return_items", {"number": arguments["order_id"], "items": items, "refund_to": method}


def _swap(tool: str) -> Callable[[Mapping[str, Any], Lines], Call]:
    def swap(arguments: Mapping[str, Any], lines: Lines) -> Call:
        old = find_lines(arguments["item_ids"], lines)
        pairs = zip(old, arguments["new_item_ids"], strict=True)
        items = [{"line": line, "variant_id": new, "quantity": 1} for line, new in pairs]
        method = arguments["payment_method_id"]
        return tool, {"number": arguments["order_id"], "items": items, "payment_method": method}

    return swap


TRANSLATIONS: Mapping[str, Callable[[Mapping[str, Any], Lines], Call]] = {
    "cancel_pending_order": _cancel,
    "modify_pending_order_address": _change_address,
    "modify_user_address": _change_profile,
    "modify_pending_order_payment": _change_payment,
    "modify_pending_order_items": _swap("change_items"),
    "return_delivered_order_items": _return,
    "exchange_delivered_order_items": _swap("exchange_items"),
}
