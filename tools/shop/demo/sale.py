"""What an order of the demo is made from: its sheet with everything that the sheet names looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tools.shop.demo.catalogue import Article, Shelf
from tools.shop.demo.clock import DemoClock
from tools.shop.demo.customers import CustomerSheet
from tools.shop.demo.figures import DemoFigures
from tools.shop.demo.markets import CarrierSheet, MarketSheet
from tools.shop.demo.order_sheet import OrderSheet, Units
from tools.shop.models import Customer, LineId, OrderLine, PaymentMethod, PickupPoint
from tools.shop.money import Money


@dataclass(frozen=True, slots=True)
class Sale:
    """An order about to be built. ``messages`` are the scans' texts by scan and language."""

    sheet: OrderSheet
    customer: Customer
    buyer: CustomerSheet
    country: str
    market: MarketSheet
    shelf: Shelf
    figures: DemoFigures
    clock: DemoClock
    messages: Mapping[str, Mapping[str, str]]
    pickup_points: Mapping[str, PickupPoint]

    @property
    def carrier(self) -> CarrierSheet:
        """Who carries it."""
        return self.market.express if self.sheet.service == "express" else self.market.standard

    @property
    def pickup_point(self) -> PickupPoint | None:
        """Where it is brought, when not home."""
        chosen = self.sheet.delivery.pickup_point
        return self.pickup_points[chosen] if chosen else None

    def article(self, name: str) -> Article:
        """A variant by the name that orders give it, in this order's market."""
        return self.shelf.find(self.country, name)

    def line_id(self, name: str) -> LineId:
        """The id of the line of that variant; ``ValueError`` when the order has none."""
        return LineId(f"{self.sheet.number}-{list(self.sheet.lines).index(name) + 1}")

    def units(self, units: Units) -> Mapping[LineId, int]:
        """Units by line id."""
        return {self.line_id(name): count for name, count in units.items()}

    def method(self, method_id: str) -> PaymentMethod:
        """That method; ``ValueError`` when the customer has no such method on file."""
        method = self.customer.method(method_id)
        if method is None:
            raise ValueError(f"{self.sheet.number}: {self.customer.id} has no {method_id}")
        return method

    @property
    def zero(self) -> Money:
        """Nothing, in the order's currency."""
        return Money.zero(self.market.currency)

    def make_lines(self) -> tuple[OrderLine, ...]:
        """The lines as sold: today's price, the title in the customer's language."""
        taken_out = (self.sheet.cancel.units if self.sheet.cancel else None) or {}
        return tuple(
            OrderLine(
                id=self.line_id(name),
                product_id=(article := self.article(name)).product.id,
                variant_id=article.variant.id,
                title=article.title(self.customer.language),
                options=article.variant.options,
                quantity=quantity,
                unit_price=article.variant.price,
                category=article.product.category,
                final_sale=article.product.final_sale,
                hygiene=article.product.hygiene,
                cancelled=taken_out.get(name, 0),
            )
            for name, quantity in self.sheet.lines.items()
        )
