"""What people of a role may allow where the rules leave it to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tools.shop.changes import ChangeKind
from tools.shop.money import Money


@dataclass(frozen=True, slots=True)
class Authority:
    """The kinds of change, and how much money at most by currency; none of either is no limit."""

    kinds: frozenset[ChangeKind] | None = None
    amounts: Mapping[str, Decimal] | None = None

    def covers(self, kind: ChangeKind, amount: Money | None) -> bool:
        """Whether such a change is within it. In a currency without a figure no money may move."""
        if self.kinds is not None and kind not in self.kinds:
            return False
        if amount is None or not amount or self.amounts is None:
            return True
        return abs(amount.amount) <= self.amounts.get(amount.currency, Decimal(0))
