"""Reading ``figures.yaml``: values by unit, and no country left without its amount."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tools.policy.documents import FigureDocument, FiguresDocument
from tools.policy.figures import Figure, FigureAmount, Figures, Unit
from tools.policy.refusal import Problem
from tools.policy.source import Source
from tools.shop.models import PaymentKind

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MONEY = re.compile(r"\d+(\.\d{1,2})?")


def read_figures(source: Source, currencies: Mapping[str, str], problems: list[Problem]) -> Figures:
    """The figures of a version; what is wrong with them is added to ``problems``."""
    document = source.validated(FiguresDocument, problems)
    named: dict[str, Figure] = {}
    for name, item in (document.root if document else {}).items():
        found = [source.problem((name, *path), text) for path, text in _defects(item, currencies)]
        problems.extend(found)
        if not found:
            named[name] = _figure(item)
    return Figures(named, currencies)


def _figure(item: FigureDocument) -> Figure:
    def parsed(values: Mapping[str, Any]) -> dict[str, FigureAmount]:
        return {key: _parsed(item.unit, value) for key, value in values.items()}

    default = None if item.value is None else _parsed(item.unit, item.value)
    return Figure(item.unit, default, parsed(item.by_country), parsed(item.by_category), parsed(item.by_method))


def _defects(item: FigureDocument, currencies: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    places: list[tuple[tuple[str, ...], Any]] = [(("value",), item.value)] if item.value is not None else []
    for group in ("by_country", "by_category", "by_method"):
        places.extend(((group, key), value) for key, value in getattr(item, group).items())
    if not places:
        yield (), "has no value"
    for path, value in places:
        if not _fits(item.unit, value):
            yield path, f"{value!r} is not a value in {item.unit.value}" + _hint(item.unit)
    for country in item.by_country:
        if country not in currencies:
            yield ("by_country", country), "is not a served country"
    for method in item.by_method:
        if method not in tuple(PaymentKind):
            yield ("by_method", method), "is not a payment method"
    if item.unit is Unit.MONEY:
        if item.value is not None or item.by_category or item.by_method:
            yield (), "money has a value by_country and no other"
        for country in sorted(set(currencies) - set(item.by_country)):
            yield ("by_country",), f"the amount for {country} ({currencies[country]}) is missing"


def _fits(unit: Unit, value: Any) -> bool:
    if unit is Unit.MONEY:
        return isinstance(value, str) and MONEY.fullmatch(value) is not None
    if unit is Unit.TIME:
        return isinstance(value, str) and CLOCK.fullmatch(value) is not None
    return type(value) is int and value >= 0


def _hint(unit: Unit) -> str:
    hints = {Unit.MONEY: ' (write "49.90", with its quotes)', Unit.TIME: ' (write "09:00", with its quotes)'}
    return hints.get(unit, " (a whole number)")


def _parsed(unit: Unit, value: Any) -> FigureAmount:
    if unit is Unit.MONEY:
        return Decimal(str(value))
    return str(value) if unit is Unit.TIME else int(value)
