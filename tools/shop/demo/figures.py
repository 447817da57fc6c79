"""The policy figures the demo's orders were sold by; they are written once, in the policy's own file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, Field

from tools.shop.demo.sheet import read_sheet
from tools.shop.models import PaymentKind
from tools.shop.money import Money

FILE = Path(__file__).parents[2] / "policy" / "demo" / "2026-03-01" / "figures.yaml"


class FigureSheet(BaseModel):
    """What the demo uses of one figure; the rest of it (categories, sizes) is the policy's own affair."""

    value: int | str | None = None
    by_country: dict[str, int | str] = Field(default_factory=dict)
    by_method: dict[str, int] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoFigures:
    """The figures of one market."""

    named: dict[str, FigureSheet]
    country: str
    currency: str

    def money(self, name: str) -> Money:
        """An amount in the market's currency; ``KeyError`` when the market has none."""
        return Money.of(str(self.named[name].by_country[self.country]), self.currency)

    def count(self, name: str) -> int:
        """A number of days or pieces."""
        figure = self.named[name]
        value = figure.by_country.get(self.country, figure.value)
        if value is None:
            raise KeyError(f"{name} has no value for {self.country}")
        return int(value)

    def refund_days(self, kind: PaymentKind) -> int:
        """Days until a refund to that kind of method should be seen."""
        return self.named["refund_days"].by_method[kind]


@cache
def read_figures() -> dict[str, FigureSheet]:
    """Every figure by its name."""
    return read_sheet(FILE, dict[str, FigureSheet])
