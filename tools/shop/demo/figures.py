"""The demo policy's figures: what the shop's orders were sold by is written there, once, and read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from tools.policy.engine import YamlPolicy
from tools.policy.loader import load_policy
from tools.shop.models import PaymentKind, ReturnReason
from tools.shop.money import Money

FOLDER = Path(__file__).parents[2] / "policy" / "demo"


@dataclass(frozen=True, slots=True)
class DemoFigures:
    """The figures in force in one country at one moment. Every method raises ``KeyError`` for an unknown figure."""

    policy: YamlPolicy
    country: str
    at: datetime

    def money(self, name: str) -> Money:
        """An amount in the country's currency."""
        amount = self.policy.figure(name, at=self.at, country=self.country)
        return Money.of(amount, self.policy.currencies[self.country])

    def count(self, name: str) -> int:
        """A number of days, hours or pieces."""
        return int(self.policy.figure(name, at=self.at, country=self.country))

    def refund_days(self, kind: PaymentKind) -> int:
        """Days until a refund to that kind of method should be seen."""
        return int(self.policy.figure("refund_days", at=self.at, method=kind.value))

    def answers_for(self, reason: ReturnReason) -> bool:
        """Whether goods that come back for that reason are the shop's fault, so that no fee is kept."""
        return reason.value in self.policy.version_at(self.at).faults


@cache
def read_policy() -> YamlPolicy:
    """The demo policy; ``PolicyRefused`` when its files have a defect."""
    return load_policy(FOLDER)
