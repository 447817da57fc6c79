"""The engine: facts in, verdict out, by the version in force when the order was placed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tools.policy.authority import Authority
from tools.policy.bench import Bench
from tools.policy.calendar_days import Moment
from tools.policy.figures import FigureAmount, FigureValue
from tools.policy.observation import Case
from tools.policy.port import ProofRule
from tools.policy.rules import Version
from tools.policy.verdict import Verdict
from tools.shop.changes import Change, ChangeKind
from tools.shop.models import Customer, Order, Product, ProductId
from tools.shop.money import Money


@dataclass(frozen=True, slots=True)
class YamlPolicy:
    """A shop's rules as loaded from a folder. ``versions`` stand oldest first, ``starts`` are their first instants."""

    zone: ZoneInfo
    proofs: tuple[ProofRule, ...]
    levels: Mapping[ChangeKind, int]
    currencies: Mapping[str, str]
    versions: tuple[Version, ...] = field(repr=False)
    starts: tuple[datetime, ...] = field(repr=False)
    holidays: frozenset[date] = frozenset()
    authorities: Mapping[str, Authority] = field(default_factory=dict)

    def may_grant(self, role: str, kind: ChangeKind, amount: Money | None) -> bool:
        """Whether somebody of that role may allow such a change, moving that much; nobody may whom ``shop.yaml`` does not name."""
        authority = self.authorities.get(role)
        return authority is not None and authority.covers(kind, amount)

    def level_for(self, kind: ChangeKind) -> int:
        """The identity level that change needs; the same for orders of any date."""
        return self.levels[kind]

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
        """The verdict on a change. An order of somebody else is treated as no order: nothing of it is told."""
        case, version = self._case(change, order, customer, products, now)
        return Bench(version, capabilities, identity, self.currencies, granted).judge(case)

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
        """Whether ``judge`` would allow it, without working out the way to a yes."""
        case, version = self._case(change, order, customer, products, now)
        return Bench(version, capabilities, identity, self.currencies).allows(case)

    def _case(
        self,
        change: Change,
        order: Order | None,
        customer: Customer,
        products: Mapping[ProductId, Product],
        now: datetime,
    ) -> tuple[Case, Version]:
        owned = order if order is not None and order.customer_id == customer.id else None
        version = self.version_at((owned.placed_at if owned else None) or now)
        return Case(change, owned, customer, products, Moment(now, self.zone), version.faults), version

    def version_at(self, at: datetime) -> Version:
        """The version in force at that instant; the oldest for times before it."""
        return self.versions[max(bisect_right(self.starts, at) - 1, 0)]

    def figure(
        self, name: str, *, at: datetime | None = None, country: str = "", category: str = "", method: str = ""
    ) -> FigureAmount:
        """A named figure of the version in force then (the newest without ``at``). KeyError when there is none."""
        version = self.version_at(at) if at else self.versions[-1]
        return version.figures.value(name, country, category, method)

    def figures_for_articles(self) -> Mapping[str, FigureValue]:
        """Every figure of the newest version under the name by which an article quotes it."""
        return dict(self.versions[-1].figures.quotable())

    @property
    def codes(self) -> frozenset[str]:
        """Every code that a verdict of this policy can carry."""
        requirements = (
            item for version in self.versions for rule in version.rules.values() for item in rule.requirements
        )
        return frozenset({"allowed"}.union(*(item.codes.values() for item in requirements)))
