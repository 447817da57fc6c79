"""The shop's numbers: each written once, with what differs by country, category or payment method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

FigureAmount = int | str | Decimal


class Unit(StrEnum):
    """What a figure counts. ``money`` is in the country's currency, ``time`` is ``HH:MM`` in the shop's zone."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"
    COUNT = "count"
    MONEY = "money"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class FigureValue:
    """One value as an article quotes it; ``country`` and ``currency`` are set where it is money."""

    unit: Unit
    value: FigureAmount
    country: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A named number. Where several apply, the method's goes before the category's, that before the country's."""

    unit: Unit
    default: FigureAmount | None = None
    by_country: Mapping[str, FigureAmount] = field(default_factory=dict)
    by_category: Mapping[str, FigureAmount] = field(default_factory=dict)
    by_method: Mapping[str, FigureAmount] = field(default_factory=dict)

    def value(self, country: str = "", category: str = "", method: str = "") -> FigureAmount | None:
        """The value that applies, or none."""
        if method in self.by_method:
            return self.by_method[method]
        if category in self.by_category:
            return self.by_category[category]
        return self.by_country.get(country, self.default)

    @property
    def longest(self) -> FigureAmount | None:
        """The greatest value by method, or the default: what can be promised when the method is not known."""
        return max((value for value in self.by_method.values() if isinstance(value, int)), default=self.default)


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one version and the currency of each country that is served."""

    named: Mapping[str, Figure]
    currencies: Mapping[str, str]

    def value(self, name: str, country: str = "", category: str = "", method: str = "") -> FigureAmount:
        """The value that applies; ``KeyError`` when there is no such figure or none for these circumstances."""
        value = self.named[name].value(country, category, method)
        if value is None:
            raise KeyError(f"{name} has no value for country={country!r} category={category!r} method={method!r}")
        return value

    def quotable(self) -> Iterator[tuple[str, FigureValue]]:
        """Every value under the name by which an article quotes it.

        ``return_days``, ``return_days.category.electronics``, ``return_fee.country.MX``, ``refund_days.method.card``.
        """
        for name, figure in self.named.items():
            if figure.default is not None:
                yield name, FigureValue(figure.unit, figure.default)
            for country, value in figure.by_country.items():
                currency = self.currencies.get(country, "") if figure.unit is Unit.MONEY else ""
                yield f"{name}.country.{country}", FigureValue(figure.unit, value, country, currency)
            for category, value in figure.by_category.items():
                yield f"{name}.category.{category}", FigureValue(figure.unit, value)
            for method, value in figure.by_method.items():
                yield f"{name}.method.{method}", FigureValue(figure.unit, value)
