"""What the tools ask of a policy; ``tools.policy.engine`` implements it from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from tools.policy.verdict import Verdict
from tools.shop.changes import Change, ChangeKind
from tools.shop.models import Customer, Order, Product, ProductId
from tools.shop.money import Money


@dataclass(frozen=True, slots=True)
class ProofRule:
    """A set of fields of ``tools.shop.port.Proof`` that, all given and right, give that level."""

    fields: frozenset[str]
    level: int


class Policy(Protocol):
    """The shop's rules. All answers are pure: same arguments, same verdict."""

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone, in which days are counted."""
        ...

    @property
    def proofs(self) -> tuple[ProofRule, ...]:
        """Which proofs give which identity level, strongest first."""
        ...

    @property
    def holidays(self) -> frozenset[date]:
        """Days, in the shop's zone, on which nobody is at the desk."""
        ...

    def may_grant(self, role: str, kind: ChangeKind, amount: Money | None) -> bool:
        """Whether somebody of that role at the desk may allow such a change, with that much money in it."""
        ...

    def level_for(self, kind: ChangeKind) -> int:
        """The identity level that change needs."""
        ...

    def judge(
        self,
        change: Change,
        *,
        order: Order | None,
        customer: Customer,
        products: Mapping[ProductId, Product],
        capabilities: frozenset[ChangeKind],
        identity: int,
        now: datetime,
        granted: frozenset[str] = frozenset(),
    ) -> Verdict:
        """The verdict on a change, by the version in force when the order was placed (now, when it has no date).

        ``granted`` are codes of what needs a person and was allowed by one; what is denied stays so.
        """
        ...

    def allows(
        self,
        change: Change,
        *,
        order: Order | None,
        customer: Customer,
        products: Mapping[ProductId, Product],
        capabilities: frozenset[ChangeKind],
        identity: int,
        now: datetime,
    ) -> bool:
        """Whether ``judge`` would allow it: the same answer for a fifth of the work, where nobody asks why."""
        ...

    def figure(
        self, name: str, *, at: datetime | None = None, country: str = "", category: str = "", method: str = ""
    ) -> object:
        """A named figure (``return_days``): int, str, or Decimal in the country's currency. Raises ``KeyError``.

        By the version in force at that instant, the newest without one; ``method`` is a payment kind (``refund_days``).
        """
        ...
