"""What a tau task's shopper wants, in words: read off the reference actions and the shop's own titles and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.tau_tasks import Action
from tools.shop.models import Customer, Order, Product

View = Mapping[str, Any]

KINDS = {
    "cancel_pending_order": "cancel_order",
    "modify_pending_order_address": "change_address",
    "modify_user_address": "change_profile_address",
    "modify_pending_order_payment": "change_payment",
    "modify_pending_order_items": "change_items",
    "return_delivered_order_items": "return_items",
    "exchange_delivered_order_items": "exchange_items",
}
VERBS = {"change_items": "change", "exchange_items": "exchange"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One unit of goods: what it is, and what it should become (empty for a return)."""

    variant_id: str
    title: str
    options: Mapping[str, str]
    new_variant_id: str = ""
    new_options: Mapping[str, str] = field(default_factory=dict)
    alone: bool = True

    @property
    def change(self) -> str:
        """The options that differ, as one says them: ``clicky switch type, full size``."""
        differing = {name: value for name, value in self.new_options.items() if self.options.get(name) != value}
        return said(differing or self.new_options)


@dataclass(frozen=True, slots=True)
class Goal:
    """One change that the shopper wants, as data to judge a preview by."""

    kind: str
    number: str
    pieces: tuple[Piece, ...] = ()
    method: str = ""
    method_id: str = ""
    address: str = ""
    reason: str = ""
    whole: bool = True

    def opening(self) -> str:
        """The wish in a sentence."""
        things = listed([self._name(piece) for piece in self.pieces])
        match self.kind:
            case "cancel_order":
                return f"I want to cancel order {self.number}, {self.reason}."
            case "change_address":
                return f"Please change the delivery address of order {self.number} to {self.address}."
            case "change_profile_address":
                return f"Please change the address in my account to {self.address}."
            case "change_payment":
                return f"I want to pay order {self.number} with {self.method} instead."
            case "return_items":
                everything = "everything in" if self.whole else f"the {things} from"
                return f"I want to return {everything} order {self.number}, refunded to {self.method}."
        swaps = listed([f"the {self._name(one)} for one with {one.change}" for one in self.pieces])
        return f"In order {self.number} I'd like to {VERBS[self.kind]} {swaps}, any difference with {self.method}."

    def _name(self, piece: Piece) -> str:
        """The title, with the options where the order has several of that title."""
        return piece.title.lower() if piece.alone else f"{piece.title.lower()} ({said(piece.options)})"

    def fits(self, action: View) -> bool:
        """Whether a proposal is this change and nothing else."""
        if action["kind"] != self.kind or str(action["order"] or self.number) != self.number:
            return False
        after = action["after"]
        if self.pieces and self.kind in VERBS:
            swaps = sorted((old["line_id"], new["variant_id"]) for old, new in zip(action["before"]["lines"], after["lines"], strict=True) for _ in range(new["quantity"]))  # fmt: skip
            return sorted(variant for _, variant in swaps) == sorted(one.new_variant_id for one in self.pieces)
        if self.kind == "return_items":
            count = sum(unit["quantity"] for unit in after["returned"])
            titles = sorted(unit["title"] for unit in after["returned"] for _ in range(unit["quantity"]))
            method = (after.get("refund_method") or {}).get("id", self.method_id)
            return count == len(self.pieces) and titles == sorted(one.title for one in self.pieces) and method == self.method_id  # fmt: skip
        return True


def goal_of(action: Action, customer: Customer, orders: Mapping[str, Order], products: Mapping[str, Product]) -> Goal:
    """The goal behind a reference action."""
    arguments = action.arguments
    number = str(arguments.get("order_id", "")) or next(iter(orders), "")
    order = orders.get(number)
    old = arguments.get("item_ids", ())
    new = arguments.get("new_item_ids", [""] * len(old))
    pieces = tuple(_piece(one, other, order, products) for one, other in zip(old, new, strict=True)) if order else ()
    return Goal(
        KINDS[action.name],
        number,
        pieces,
        _method(str(arguments.get("payment_method_id", "")), customer),
        str(arguments.get("payment_method_id", "")),
        _address(arguments) if "zip" in arguments else "",
        str(arguments.get("reason", "")),
        bool(order) and len(pieces) == sum(line.quantity for line in order.lines) if order else True,
    )


def _piece(item: str, other: str, order: Order, products: Mapping[str, Product]) -> Piece:
    line = next(line for line in order.lines if line.variant_id == item)
    product = products[line.product_id]
    variant = next((one for one in product.variants if one.id == other), None)
    alone = sum(1 for one in order.lines if one.title == line.title) == 1
    return Piece(item, line.title, dict(line.options), other, dict(variant.options) if variant else {}, alone)


def _method(method_id: str, customer: Customer) -> str:
    method = next((one for one in customer.payment_methods if one.id == method_id), None)
    if method is None:
        return ""
    words = {"gift_card": "my gift card", "paypal": "PayPal"}
    return words.get(method.kind.value, f"my {method.brand} card ending in {method.last4}")


def _address(arguments: View) -> str:
    parts = [arguments[name] for name in ("address1", "address2", "city", "state", "zip")]
    return ", ".join(part for part in parts if part)


def said(options: Mapping[str, str]) -> str:
    """Options as one says them."""
    return listed([f"{name} {value}" for name, value in options.items()])


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)
