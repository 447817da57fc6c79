"""Finds amounts of money in a text, each with the currencies it may be in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_PESOS = frozenset({"MXN", "ARS", "COP", "CLP", "UYU"})
_MARKS = (
    (r"US\$|USD\b|d[oó]lar(?:es)?\b|dollars?\b|bucks\b", frozenset({"USD"})),
    (r"MX\$|MXN\b", frozenset({"MXN"})),
    (r"R\$|BRL\b|reais\b|real\b", frozenset({"BRL"})),
    (r"€|EUR\b|euros?\b", frozenset({"EUR"})),
    (r"£|GBP\b|pounds?\b|libras?\b", frozenset({"GBP"})),
    (r"S/|PEN\b|soles\b", frozenset({"PEN"})),
    (r"ARS\b", frozenset({"ARS"})),
    (r"COP\b", frozenset({"COP"})),
    (r"CLP\b", frozenset({"CLP"})),
    (r"UYU\b", frozenset({"UYU"})),
    (r"pesos?\b", _PESOS),
    (r"\$", _PESOS | {"USD"}),
)
_READ = tuple((re.compile(pattern, re.IGNORECASE), currencies) for pattern, currencies in _MARKS)
_MARK = "(?:" + "|".join(pattern for pattern, _ in _MARKS) + ")"
_DIGITS = r"\d{1,3}(?:[.,'’\u202f\xa0 ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"({_MARK})\s?-?({_DIGITS})(?!\d)(?:\s?({_MARK}))?|(?<![\w.,])({_DIGITS})\s?(?:de )?({_MARK})", re.IGNORECASE
)
_FIELD = re.compile(r'"amount":\s?"(-?\d+(?:\.\d+)?)"(?:,\s?"currency":\s?"([A-Z]{3})")?')


@dataclass(frozen=True, slots=True)
class Amount:
    """A value without its sign, and the currencies that how it is written leaves open (none: any)."""

    value: Decimal
    currencies: frozenset[str] = frozenset()

    def agrees_with(self, other: Amount) -> bool:
        """Whether both may be the same money."""
        same = not self.currencies or not other.currencies or bool(self.currencies & other.currencies)
        return same and self.value == other.value

    def __str__(self) -> str:
        return f"{self.value:f} {'/'.join(sorted(self.currencies))}".strip()


def amounts_in(text: str) -> frozenset[Amount]:
    """Every amount that is written with a currency, and the ``amount`` fields of a tool's JSON."""
    return frozenset((*_written(text), *_fields(text)))


def _written(text: str) -> Iterator[Amount]:
    for match in _MONEY.finditer(text):
        before, digits, after, other_digits, other_after = match.groups()
        value = _decimal(digits or other_digits)
        if value is not None:
            yield Amount(value, _currencies(before, after or other_after))


def _fields(text: str) -> Iterator[Amount]:
    for value, currency in _FIELD.findall(text):
        yield Amount(abs(Decimal(value)).normalize(), frozenset({currency} if currency else ()))


def _currencies(before: str | None, after: str | None) -> frozenset[str]:
    """What both marks allow: ``$5 MXN`` are Mexican pesos. Marks that contradict each other are no currency at all."""
    named = [currencies for mark in (before, after) if mark for pattern, currencies in _READ if pattern.fullmatch(mark)]
    allowed = frozenset.intersection(*named) if named else frozenset()
    return allowed or frozenset({"?"})


def _decimal(digits: str) -> Decimal | None:
    """``1.299,00``, ``1,299.00`` and ``1 299`` alike; one or two digits after the last mark are cents."""
    plain = re.sub(r"['’\u202f\xa0 ]", "", digits)
    cents = re.search(r"[.,](\d{1,2})$", plain)
    whole = re.sub(r"[.,]", "", plain[: cents.start()] if cents else plain)
    try:
        return Decimal(f"{whole}.{cents.group(1)}" if cents else whole).normalize()
    except InvalidOperation:
        return None
