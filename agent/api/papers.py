"""What a shop's own pages say: an invoice, a return label, a parcel's way, as values a template can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.loop.options import label
from prompts.forms import full_day, hour, money
from prompts.loader import Sentences
from tools.shop.models import Address, Customer, Exchange, Order, Payment, Return, ReturnStatus, Shipment
from tools.shop.money import Money

OPEN = frozenset({ReturnStatus.REQUESTED, ReturnStatus.IN_TRANSIT})
WORDS = (
    "amount", "carrier", "contents", "customer", "discount", "expected", "goods", "how_to", "invoice", "item",
    "label_exchange", "label_return", "no_scans", "not_open", "order", "parcel", "placed", "price", "print", "quantity",
    "reference", "send_by", "sent_to", "shipping", "tax_included", "total", "tracking", "unpaid",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Papers:
    """Writes pages of one shop in one language. Amounts, days and labels come out as words."""

    shop_name: str
    language: str
    sentences: Sentences

    def invoice(self, order: Order, customer: Customer) -> Mapping[str, Any]:
        """What was bought, what it came to, and how it was paid."""
        goods = sum(
            (line.unit_price * (line.quantity - line.cancelled) for line in order.lines), Money.zero(order.currency)
        )
        kept = [line for line in order.lines if line.quantity > line.cancelled] or list(order.lines)
        return {
            **self._frame(order),
            "customer": customer.name,
            "address": _address(order.address, customer.name),
            "lines": [
                {
                    "title": line.title,
                    "options": label(line.options, self.language, self.sentences) if line.options else "",
                    "quantity": self._quantity(line.quantity, line.cancelled),
                    "price": self._money(line.unit_price),
                    "amount": self._money(line.unit_price * (line.quantity - line.cancelled)),
                }
                for line in kept
            ],
            "sums": [
                ("goods", self._money(goods)),
                *([("discount", self._money(-order.discount))] if order.discount else []),
                ("shipping", self._money(order.shipping_cost)),
            ],
            "total": self._money(order.total),
            "payments": [self._payment(one, customer) for one in order.payments],
        }

    def label(self, order: Order, back: Return | Exchange) -> Mapping[str, Any]:
        """Where the parcel goes back to, what is in it, and until when."""
        lines = back.lines if isinstance(back, Return) else back.swaps
        titles = {line.id: line.title for line in order.lines}
        carrier, parcel = (back.label.carrier, back.label.tracking_number) if back.label else ("", "")
        return {
            **self._frame(order),
            "kind": "label_return" if isinstance(back, Return) else "label_exchange",
            "open": back.status in OPEN,
            "rma": back.rma,
            "carrier": carrier,
            "parcel": parcel,
            "send_by": self._day(back.ship_by),
            "contents": [f"{one.quantity} × {titles.get(one.line_id, one.line_id)}" for one in lines],
        }

    def tracking(self, order: Order, shipment: Shipment) -> Mapping[str, Any]:
        """Every scan, newest first, on the clock of the place it happened."""
        titles = {line.id: line.title for line in order.lines}
        return {
            **self._frame(order),
            "carrier": shipment.carrier,
            "parcel": shipment.tracking_number,
            "expected": "" if shipment.delivered_at else self._day(shipment.eta),
            "contents": [f"{count} × {titles.get(line, line)}" for line, count in shipment.contents.items()],
            "scans": [
                {
                    "at": f"{self._day(one.at)}, {hour(one.at, self.language)}",
                    "where": ", ".join(part for part in (one.city, one.region) if part),
                    "text": one.message or one.status.value,
                }
                for one in sorted(shipment.events, key=lambda event: event.at, reverse=True)
            ],
        }

    def _frame(self, order: Order) -> dict[str, Any]:
        words = {name: self.sentences.say(f"paper.{name}", self.language) for name in WORDS}
        return {
            "words": words,
            "language": self.language,
            "shop": self.shop_name,
            "number": order.number,
            "placed": self._day(order.placed_at),
        }

    def _quantity(self, ordered: int, cancelled: int) -> str:
        if not cancelled:
            return str(ordered)
        return self.sentences.say("paper.cancelled", self.language, quantity=ordered - cancelled, ordered=ordered)

    def _payment(self, payment: Payment, customer: Customer) -> tuple[str, str]:
        method = customer.method(payment.method_id)
        key = f"method.{method.kind}" if method and self.sentences.has(f"method.{method.kind}") else "method.other"
        known: dict[str, Any] = {"brand": method.brand, "last4": method.last4} if method else {}
        named = self.sentences.say(key, self.language, **{name: known[name] for name in self.sentences.keys[key]})
        told = "paper.refunded" if payment.kind == "refund" else "paper.paid"
        text = self.sentences.say(told, self.language, at=self._day(payment.at), method=named)
        return text, self._money(payment.amount)

    def _money(self, value: Money) -> str:
        return money(value.as_json(), self.language)

    def _day(self, at: datetime | None) -> str:
        return full_day(at, self.language) if at else ""


def _address(address: Address, name: str) -> list[str]:
    place = " ".join(part for part in (address.postal_code, address.city) if part)
    region = address.region if address.region != address.city else ""
    lines = (address.recipient or name, address.line1, address.line2, place, region, address.country)
    return [line for line in lines if line]
